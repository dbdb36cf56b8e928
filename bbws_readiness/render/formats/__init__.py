"""The assessment in the forms that other programs read: SARIF, JUnit, and what GitHub Actions shows of a step."""
