"""Names of codes that many pages show."""

from infra.language import N_
from tenants.permissions import Role

ROLE_NAMES = {
    Role.OWNER: N_("Owner"),
    Role.PROGRAMME_MANAGER: N_("Programme manager"),
    Role.COORDINATOR: N_("Coordinator"),
    Role.FOCAL_POINT: N_("Focal point"),
    Role.MODERATOR: N_("Moderator"),
    Role.EVALUATOR: N_("Evaluator"),
    Role.PARTICIPANT: N_("Participant"),
    Role.IT_CONTACT: N_("IT contact"),
}
