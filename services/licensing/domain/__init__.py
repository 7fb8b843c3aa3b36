"""Pure rules of applications and licences."""
