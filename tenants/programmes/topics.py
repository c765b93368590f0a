"""Topics that programmes start with; each keeps its own list and may change it."""

from infra.language import N_

TOPICS = {
    "career_development": N_("Career development"),
    "work_life_balance": N_("Work-life balance"),
    "leadership": N_("Leadership"),
    "networking": N_("Networking"),
    "organisational_issues": N_("Organisational and staffing issues"),
    "programme_planning": N_("Programme planning"),
    "public_speaking": N_("Public speaking"),
    "gender_discrimination": N_("Discrimination based on gender"),
    "project_management": N_("Project management"),
    "gender_justice": N_("Pushing for gender justice"),
    "job_applications": N_("Job applications"),
    "interview_skills": N_("Interview skills"),
    "negotiation": N_("Negotiation"),
    "monitoring_evaluation": N_("Monitoring and evaluation"),
    "data_analysis": N_("Data analysis"),
    "artificial_intelligence": N_("Artificial intelligence"),
    "field_operations": N_("Field operations"),
    "diversity_inclusion": N_("Diversity and inclusion"),
    "budgeting_finance": N_("Budgeting and finance"),
    "digital_technology": N_("Digital technology"),
    "entrepreneurship": N_("Entrepreneurship"),
    "parental_leave": N_("Returning from parental leave"),
    "language_practice": N_("Language practice"),
    "human_rights_law": N_("Human rights law"),
    "starting_education": N_("Starting an education"),
    "procurement": N_("Procurement"),
    "community_relations": N_("Community relations"),
    "geology": N_("Geology"),
    "political_participation": N_("Political participation"),
    "mine_engineering": N_("Mine engineering"),
    "health_safety": N_("Health and safety"),
    "retirement": N_("Retirement transition"),
}

# Also gathered from the expressions of interest of a solidarity network (I05).
GENERAL = tuple(code for code in TOPICS if code not in ("geology", "mine_engineering"))
EVERY = tuple(TOPICS)
