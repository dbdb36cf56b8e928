"""Asks the real `terraform fmt` which lines of many small texts it writes otherwise: `python make_answers.py`."""

import json
import random
import re
import subprocess
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
TESTS = HERE.parent
ANSWERS = HERE / "answers.json"
MAX_TEXT = 1500

SNIPPETS = r"""
a=1
a  =  1
a = 1   # one
a = 1 # one\nbcd = 2 # two
a = 1\nbcd = 2\n\ne = 3\nlonger = 4
a = 1\n# between\nbcd = 2
a = 1\nb {\n}\nbcd = 2
a = [\n1,\n  2,\n]
a = [1,2 , 3]
a = [ 1, 2 ]
a = {}
a = { }
a = {b=1}
a = { b = 1, c = 2 }
a = {\nb = 1\n  cde = 2\n}
a = {\n  b : 1\n  cde: 2\n}
a = -1
a = - 1
a = 1 - 2
a = 1-2
a = b - -1
a = (-1)
a = [-1, - 2]
a = !b
a = ! b
a = b?c:d
a = b ? c : -d
a = b == -1
a = f( x )
a = f (x)
a = f(x,y...)
a = f(x, y ...)
a = provider::x::y(1)
a = b [0]
a = b[0]
a = b[ 0 ].c
a = b.*.c
a = b[*].c
a = b [ * ] . c
a = [for x in y: x]
a = [for x in y : x if x != ""]
a = [for x in [y] : x]
a = {for k,v in y: k=>v...}
a = "x${ y }z"
a = "x${y}z"
a = "x${ f( 1 ) }z"
a = "${y}${z}"
a = "${ y }${ z }"
a = "x${ {b=1} }"
a = "%{ if x }y%{ endif }"
a = "%{if x}y%{endif}"
a = "x${~ y ~}z"
a = <<EOT\n  text  \nEOT
a = <<-EOT\n  text ${ x }\n  EOT
a=<<EOT\ntext\nEOT\nb = 1
abc = <<EOT\ntext\nEOT\nb = 1
a = 1\nbcd = <<EOT\ntext\nEOT
b = f(<<EOT\ntext\nEOT\n)
b = f(<<EOT\ntext\nEOT\n, 1)
a = [{\n  b = 1\n}, {\n  c = 2\n}]
a = [{\n  b = 1\n  }, {\n  c = 2\n}]
a = [\n  {\n    b = 1\n  },\n  {\n    c = 2\n  }\n]
a = f(\n  b,\n  c\n)
a = f({\n  b = 1\n})
a = f([\n{\nb = 1\n}\n])
a = jsonencode({\n  b = [{\n    c = 1\n  }]\n})
a = b ?\n  c : d
a = (\nb\n&& c\n)
a = [\n  1, # one\n  22, # two\n]
a = [\n  # first\n  1,\n]
block "a" "b" {\n  c = 1\n}
block "a" "b"{\n  c = 1\n}
block  "a" {\n    c = 1\n}
block "a" { b = 1 }
block "a" {b = 1}
block "a" {}
block "a" { }
block a {\n}
block {\nb {\nc = 1\n}\n}
block { # remark\n  a = 1 # other\n}
block {\n  a = 1\n} # end
// remark\na = 1
  # remark\na = 1
block {\n# remark\n  a = 1\n}
a = 1 \nb = 2
\n\na = 1\n\n\n\nb = 2
a = 1\n   \nb = 2
\ta = 1
block {\n\ta = 1\n}
a = 1 # x\n\nb = 22 # y
a = 1\nbcd = 22 # y
a = 1 # x\n# y\nbcd = 2 # z
a = 1 # x\n        # y
a = b.c . d
a = "a" == "b"&&c||d
a = 1>2
a = x % y
a = x*y/z+w
a = x >= -y
a = x && !y
a = null
a = "\\"quoted\\""
a = "ünï"\nbbb = "x" # r
üö = 1\nb = 2
a = "ü" # r\nb = "u" # r
"a" = 1
a = {\n  "b" = 1\n  "cde" = 2\n}
a = {\n  (b) = 1\n  "${c}-d" = 2\n}
a = {\n  b = {\n    c = 1\n  }\n  def = 2\n}
a = {\n  b = 1,\n  cde = 2,\n}
a = {\n  b = [1, 2]\n  cdefg = [\n    1\n  ]\n  h = 1\n}
dynamic "x" {\n  for_each = y\n  content {\n    a = x.value\n  }\n}
variable "x" {\n  type = object({\n    a = string\n    bcd = optional(number, 1)\n  })\n}
variable "x" {\n  type    = map(string)\n  default = {}\n}
variable "x" { type = string }
variable "x" {\n  type = "string"\n}
a = "${b}"
a = "${\n  b\n}"
a = 1 /* x */
a = <<EOT\n%{ for x in y ~}\n${x}\n%{ endfor ~}\nEOT
a = "${b}" # r
a = ["${b}"]
output "x" { value = "${b.c}" }
a = 1.5e3
a = b.0.c
a = b.0.1
a = f()\nbc = f(1)
a = [ ]
a = f( )
a = [[1,2],[3]]
a = [\n  [1],\n  [2]\n]
a = f(g(1),h( 2 ))
a = x[f(1)][ "b" ]
a = x["b"]["c"]
a = (1 + 2)[0]
a = [1][0]
a = [1] [0]
a = if
in = 1
a = [for in in x : in]
a = for
a = x ? [1] : [2]
a = x ?[1]:[2]
a = x ? {} : { b = 1 }
a = [for k, v in x : { k = v }]
a = { for k, v in x : k => { b = v } if v }
a = {\n  for k, v in x :\n  k => v\n}
a = [\n  for x in y :\n  x\n]
terraform {\n  required_providers {\n    aws = {\n      source = "acme/aws"\n      version = "~> 5.0"\n    }\n  }\n}
provider "aws" {\nregion = var.region\n\n  default_tags {\n    tags = {\n      A = 1\n      BCD = 2\n    }\n  }\n}
lifecycle {\n  ignore_changes = [tags,name]\n  prevent_destroy=true\n}
moved {\n  from = a.b\n  to = c.d\n}
a = 1\n#b = 2\nccc = 3
a = 1 #b\nccc = 3 //d
locals {\n\n  a = 1\n\n}
a = "b"c
a = [
a = )
""".strip("\n")


def changes() -> list[str]:
    """Texts of the project's own files, each with one thing about its layout changed."""
    chance = random.Random(7)
    found = []
    for path in sorted(TESTS.glob("scenarios/*/*.tf")) + sorted(TESTS.glob("rules/projects/*/terraform/*.tf")):
        text = path.read_text()
        if len(text) > MAX_TEXT:
            continue
        lines = text.split("\n")
        number = chance.randrange(len(lines))
        line = lines[number]
        kinds = (
            line.replace(" = ", "=", 1),
            line.replace(" ", "  ", 1),
            line.lstrip(),
            f"   {line}",
            f"{line}  ",
            line.replace(", ", ",", 1),
            line.replace("(", "( ", 1),
            re.sub(r" +=", " =", line),
            f"{line} # remark",
            f"\t{line}",
        )
        lines[number] = chance.choice([kind for kind in kinds if kind != line] or [line])
        found.append("\n".join(lines))
    return found


def answer(text: str) -> list[int] | None:
    """The lines that the real formatter writes otherwise; None for a text that it refuses, 0 where it adds lines."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "main.tf"
        file.write_bytes(text.encode())
        run = subprocess.run(["terraform", "fmt", file.name], cwd=folder, capture_output=True, check=False)
        if run.returncode:
            return None
        before, after = text.split("\n"), file.read_bytes().decode().split("\n")
    if len(before) != len(after):
        return [0]
    return [number for number, (old, new) in enumerate(zip(before, after, strict=True), start=1) if old != new]


def main() -> None:
    """Write the answers anew."""
    snippets = [line.replace("\\n", "\n").replace("\\t", "\t") + "\n" for line in SNIPPETS.split("\n")]
    texts = dict.fromkeys([*snippets, "a = 1", "a=1", "", "a = 1\n  ", "a {\n}\n\t", "a = 1 ", *changes()])
    written = [json.dumps({"text": text, "lines": answer(text)}) for text in texts]
    ANSWERS.write_text("[\n" + ",\n".join(written) + "\n]\n")


if __name__ == "__main__":
    main()
