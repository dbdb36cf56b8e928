locals { table = "orders" }
resource "aws_appautoscaling_target" "t" {
  for_each           = { read = "dynamodb:table:ReadCapacityUnits", write = "dynamodb:table:WriteCapacityUnits" }
  max_capacity       = 100
  min_capacity       = 5
  resource_id        = "table/${local.table}"
  scalable_dimension = each.value
  service_namespace  = "dynamodb"
}
resource "aws_appautoscaling_policy" "p" {
  for_each           = aws_appautoscaling_target.t
  name               = "${each.key}:${each.value.resource_id}"
  policy_type        = "TargetTrackingScaling"
  resource_id        = each.value.resource_id
  scalable_dimension = each.value.scalable_dimension
  service_namespace  = each.value.service_namespace
  target_tracking_scaling_policy_configuration {
    target_value = 70
    predefined_metric_specification {
      predefined_metric_type = each.key == "read" ? "DynamoDBReadCapacityUtilization" : "DynamoDBWriteCapacityUtilization"
    }
  }
}
output "targets" { value = { for key, policy in aws_appautoscaling_policy.p : key => policy.target_tracking_scaling_policy_configuration[0].target_value } }
