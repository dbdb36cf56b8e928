locals {
  name = "x"
  plain = <<EOT
line ${local.name}
  indented "quotes" \n not escaped
$${literal} %%{ literal }
EOT
  flush = <<-EOT
      deep
    least
	tab
    %{~ for item in ["a", "b"] }
    * ${item}
    %{~ endfor }

    end
  EOT
  one_line = "a\tb\\c\"d\u00e9\U0001F600"
  strip = "  ${~ local.name ~}  end"
  conditional = "%{ if local.name == "x" }is%{ else }not%{ endif }"
  json = <<-EOT
    {"a": ${jsonencode([1, "two"])}}
  EOT
}
output "plain" { value = local.plain }
output "flush" { value = local.flush }
output "one_line" { value = local.one_line }
output "strip" { value = local.strip }
output "conditional" { value = local.conditional }
output "json" { value = jsondecode(local.json) }
output "upper" {
  value = upper(<<-A
    one
  A
  )
}
