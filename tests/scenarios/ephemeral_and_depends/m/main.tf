output "out" {
  value = "constant"
  depends_on = [terraform_data.x]
}
resource "terraform_data" "x" {}
