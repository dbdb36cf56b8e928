resource "terraform_data" "t" {
  input = templatefile("${path.module}/t.tftpl", { name = "x", items = ["a", "b"], settings = { debug = true } })
}
output "text" { value = terraform_data.t.input }
output "json" { value = jsondecode(templatefile("${path.module}/p.json.tftpl", { arns = ["a", "b"] })) }
