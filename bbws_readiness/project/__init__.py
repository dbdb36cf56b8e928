"""Tells which files of a project are which: Terraform roots, settings, schemas, workflows, scripts, plan, README."""

from bbws_readiness.project.discovery import discover
from bbws_readiness.project.project import PlanFile, Project, lies_in
from bbws_readiness.project.terraform_roots import TerraformRoot

__all__ = ["PlanFile", "Project", "TerraformRoot", "discover", "lies_in"]
