locals {
  name = "Orders Table 2024"
  csv  = csvdecode("a,b\n1,2\n3,4\n")
  json = jsondecode("{\"a\": [1, 2.5, null, {\"b\": \"c\"}]}")
  yaml = yamldecode("a: 1\nb: [x, y]\n")
}
output "a" { value = [lower(local.name), title("a b"), replace(local.name, "/[0-9]+/", "N"), substr(local.name, -4, 4), split(" ", local.name)] }
output "b" { value = [format("%05.1f|%-5s|%q|%x", 3.14159, "a", "b", 255), formatlist("%s-%d", ["a", "b"], [1, 2])] }
output "c" { value = local.csv }
output "d" { value = local.json }
output "e" { value = local.yaml }
output "f" { value = [base64encode("x"), sha256("x"), md5("x"), urlencode("a b&c")] }
output "g" { value = [cidrsubnet("10.0.0.0/16", 8, 2), cidrhost("10.0.0.0/24", 5)] }
output "h" { value = regex("(?P<y>[0-9]+)", local.name) }
output "i" { value = [trimprefix("abc", "a"), trimsuffix("abc", "c"), trim("xxaxx", "x"), indent(2, "a\nb"), chomp("a\n")] }
output "j" { value = [max(1, 2.5), min([3, 1]...), ceil(1.2), floor(-1.2), abs(-3), pow(2, 10), log(8, 2), signum(-4), parseint("ff", 16)] }
output "k" { value = [merge({ a = 1 }, { b = 2 }), lookup({ a = 1 }, "a", 0), element(["a", "b"], 5), chunklist([1, 2, 3], 2), range(3), matchkeys(["a", "b"], [1, 2], [2])] }
output "l" { value = [timeadd("2024-01-01T00:00:00Z", "24h"), formatdate("YYYY-MM-DD", "2024-02-03T04:05:06Z")] }
output "m" { value = [transpose({ a = ["x", "y"] }), setintersection(["a", "b"], ["b"]), index(["a", "b"], "b"), contains(["a"], "b"), alltrue([]), anytrue([false, true]), sum([1, 2.5])] }
locals { greeting = "Hello $${name}" }
output "n" { value = templatestring(local.greeting, { name = "x" }) }
output "o" { value = [startswith("abc", "a"), endswith("abc", "b"), strcontains("abc", "b"), tobool("true"), tonumber("5"), tostring(1.50)] }
