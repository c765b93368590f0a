"""What this room's codes say, and the names of its choices."""

from infra.language import N_
from tenants.programmes.models import Focus, Structure

SENTENCES = {
    "slug_taken": N_("There is a programme at this address already. Please choose another address."),
    "slug_bad": N_("An address has small letters, digits and hyphens, for example women-who-lead."),
    "cycle_dates": N_("The dates of a cycle follow each other: it opens, registration closes, we match, it starts, it ends."),
    "cycle_name_taken": N_("This programme has a cycle of this name already."),
    "no_coordinator": N_("Only somebody who works here as a coordinator can care for a programme. Give her that role first."),
    "programme_is_draft": N_("Open the programme first."),
    "programme_is_closed": N_("This programme is closed."),
    "language_not_spoken": N_("The programme can be offered in the languages of the organisation only."),
    "unknown_choice": N_("This is not one of the choices."),
    "about_changed": N_("Somebody else has written this anew meanwhile. Look at what stands now, and make your change anew."),
    "terms_changed": N_("Somebody else has changed these times and limits meanwhile. Look at what holds now, and make your change anew."),
    "terms_undo_too_late": N_("This can no longer be taken back. Change the times and limits anew."),
    "grade_too_long": N_("A grade has at most %(maximum)s characters. Write commas between them."),
    "check_up_days": N_("Write at most %(most)s numbers of days from 1 to %(maximum)s, with commas between them."),
    "question_essential": N_("Nobody can be matched without this question, so it stays."),
    "question_needs_options": N_("A question with answers to choose from needs at least two of them."),
    "question_changed": N_("Somebody else has changed this question meanwhile. Look at what stands now, and make your change anew."),
    "too_many_questions": N_("A form asks at most %(maximum)s questions. Leave one out first."),
    "too_many_options": N_("Offer at most %(maximum)s answers to choose from."),
    "option_twice": N_("Two answers say the same. Change one of them, or offer it no more."),
    "fact_asked_already": N_("Another question of this programme asks for this already. It may be among those left out."),
    "text_missing_first": N_("Write this in the first language of the programme. It is shown wherever another language lacks it."),
    "topic_changed": N_("Somebody else has named this topic anew meanwhile. Look at it again."),
    "topic_known": N_("Another topic has this name already. It may be among those that are offered no more."),
    "topic_last": N_("This is the last topic, and people need one to choose. Add another one first."),
    "too_many_topics_offered": N_("At most %(maximum)s topics can be chosen from. Offer one no more first."),
    "text_missing": N_("Write this text in at least one language of the programme."),
    "set_up_changed": N_("Somebody else has written here meanwhile. Look at what stands now, and add yours."),
    "set_up_empty": N_("Write something first. A few words are enough."),
    "guide_changed": N_("Somebody else has changed this guide meanwhile. Look at it again, and make your change anew."),
    "guide_key_twice": N_("Two questions have the same key."),
    "guide_language": N_("Write questions in the languages of the programme only."),
}  # fmt: skip

STRUCTURE_NAMES = {
    Structure.ONE_TO_ONE: N_("One to one"),
    Structure.REVERSE: N_("Reverse mentoring"),
    Structure.GROUP: N_("Group with one mentor"),
    Structure.CIRCLE: N_("Circle of peers"),
    Structure.RECIPROCAL: N_("Reciprocal mentoring"),
    Structure.COFFEE: N_("Coffee talks"),
}

STRUCTURE_MEANINGS = {  # U01
    Structure.ONE_TO_ONE: N_("One mentor and one mentee."),
    Structure.REVERSE: N_("The mentee is the more senior of the two: somebody with special knowledge, say of technology, is the mentor."),
    Structure.GROUP: N_("One mentor and two to five mentees who share a topic and a language."),
    Structure.CIRCLE: N_("Four to ten peers without a mentor, who speak one language. They take turns to lead."),
    Structure.RECIPROCAL: N_("Two peers who learn from each other: each is mentor and mentee at once."),
    Structure.COFFEE: N_("One talk each, without an agreement."),
}  # fmt: skip

FOCUS_NAMES = {  # U02
    Focus.INDUCTION: N_("Induction of new staff"),
    Focus.SKILLS: N_("Skills-building"),
    Focus.JOB_EXPOSURE: N_("Job exposure"),
    Focus.CAREER: N_("Career guidance"),
    Focus.TRANSITION: N_("Transition guidance"),
    Focus.NETWORKING: N_("Networking"),
}
