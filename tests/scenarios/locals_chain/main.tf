locals {
  e = "${local.d}!"
  d = "${local.c}-${local.list[1]}"
  c = upper(local.a)
  a = "start"
  list = [for item in local.source : "${item.key}${item.value}" if item.value > 1]
  source = [for key, value in { x = 1, y = 2, z = 3 } : { key = key, value = value }]
  grouped = { for item in local.source : (item.value % 2 == 0 ? "even" : "odd") => item.key... }
  nested = { for outer in ["a", "b"] : outer => { for inner in [1, 2] : "${outer}${inner}" => inner * 10 } }
  heredoc = <<-EOT
    first ${local.a}
      second
    %{ for item in local.source ~}
    - ${item.key}
    %{ endfor ~}
    %{ if local.a == "start" }yes%{ else }no%{ endif }
  EOT
}
output "e" { value = local.e }
output "grouped" { value = local.grouped }
output "nested" { value = local.nested }
output "heredoc" { value = local.heredoc }
output "deep" { value = local.nested["b"]["b2"] }
output "lookup" { value = lookup(local.nested, "zz", { none = 0 }) }
