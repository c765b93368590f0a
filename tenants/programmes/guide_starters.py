"""
The guides that interviews begin with, for a mentee (K17), a mentor (K18) and a peer.

A programme may change its own copy: see `guides`. Each question belongs to a section; sections have an order of their
own, and lead to the section of the record in which the answers are summed up.
"""

from collections.abc import Mapping
from types import MappingProxyType

from infra.language import N_

# In the order in which a talk goes, with the section of the record (K19) in which it is summed up there; most sum up
# what was asked right before.
SECTIONS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "welcome": (N_("Welcome and presentation"), "knowledge"),
        "motivation": (N_("Motivation"), ""),
        "professional": (N_("Professional profile"), "professional"),
        "personal": (N_("Personal profile"), "personal"),
        "networks": (N_("Networks"), "network"),
        "vision": (N_("Vision"), "visions"),
        "match": (N_("Match"), "match"),
        "others": (N_("Others"), "others"),
        "questions": (N_("Others: her own questions"), ""),
        "next_steps": (N_("Next steps"), ""),
    }
)

# Key, section, question. A key stays what it is, so that answers find their question.
Starter = tuple[tuple[str, str, str], ...]

MENTEE: Starter = (
    ("about_you", "welcome", N_("Would you like to tell me a little about yourself?")),
    ("heard_of", "welcome", N_("Where did you hear of the network, and what do you know about it?")),
    ("education", "professional", N_("What have you learned and studied, in your first country and in this one?")),
    ("work", "professional", N_("What work have you done, in your first country and in this one?")),
    ("job_search", "professional", N_("How have you looked for work here, and what came of it?")),
    ("work_hoped", "professional", N_("What kind of work do you hope for?")),
    ("languages", "professional", N_("Which languages do you speak, and how well?")),
    ("how_long", "personal", N_("How long have you lived here, and what brought you?")),
    ("barriers", "personal", N_("How has it been so far? What has stood in your way: at work, in education, with the authorities?")),
    ("described", "personal", N_("How would you describe yourself? And how would your friends?")),
    ("how_many", "networks", N_("Do you know many people here?")),
    ("who", "networks", N_("Who are they: family, colleagues, friends?")),
    ("how_met", "networks", N_("How did you meet them?")),
    ("locals", "networks", N_("Are people who grew up here among your friends?")),
    ("dream_before", "vision", N_("What was your dream before you came here?")),
    ("dream_then", "vision", N_("What was your dream in the first time after?")),
    ("dream_now", "vision", N_("What is your dream now?")),
    ("five_years", "vision", N_("If you were free to decide: what would your life look like in five years?")),
    ("what_it_takes", "vision", N_("What will it take to get there?")),
    ("why_mentor", "match", N_("Why would you like to have a mentor?")),
    ("hoped_for", "match", N_("What do you hope that it will bring you?")),
    ("support", "match", N_("Where would you like support?")),
    ("together", "match", N_("What would you like to do together with your mentor?")),
    ("offers", "match", N_("What can you offer your mentor?")),
    ("ideal", "match", N_("Who would be the right mentor for you: her background, where she works?")),
    ("how_often", "match", N_("How often can you meet?")),
    ("wishes", "match", N_("Have you other wishes about her: age, children, work, education, interests, where she lives?")),
    ("anything_else", "others", N_("Is there anything else that we should know to find a good match?")),
    ("contribution", "others", N_("Would you like to add something to the life of the network: an evening, a talk, a skill?")),
    ("your_questions", "others", N_("What would you like to ask me?")),
    ("process", "next_steps", N_("Tell her what happens from now on, step by step, and that a match can take time.")),
)  # fmt: skip

MENTOR: Starter = (
    ("about_you", "welcome", N_("Would you like to tell me a little about yourself?")),
    ("heard_of", "welcome", N_("Where did you learn of the network?")),
    ("why", "motivation", N_("Why would you like to be a mentor?")),
    ("gain", "motivation", N_("What do you think that it will bring you?")),
    ("education", "professional", N_("What have you learned and studied?")),
    ("work", "professional", N_("What has your working life been like so far?")),
    ("skills", "professional", N_("What are you best at?")),
    ("languages", "professional", N_("Which languages do you speak, and how well?")),
    ("described", "personal", N_("How would your friends describe you? What do they praise, and what do they complain about?")),
    ("five_years", "personal", N_("What will your life look like in five years?")),
    ("free_time", "personal", N_("What do you like to do in your free time?")),
    ("contacts", "networks", N_("Which contacts and networks do you have?")),
    ("contacts_used", "networks", N_("How could they be of use to your mentee?")),
    ("offers", "match", N_("What can you offer a mentee?")),
    ("right", "match", N_("With whom should I match you?")),
    ("wrong", "match", N_("With whom should I not match you?")),
    ("how_often", "match", N_("How many times a month can you meet?")),
    ("wishes", "match", N_("Have you wishes about her age, or whether she has a family?")),
    ("anything_else", "match", N_("Is there anything else that matters for the match?")),
    ("contribution", "others", N_("What could you add to the network: knowledge, skills, a talk, a workshop?")),
    ("your_questions", "questions", N_("What would you like to ask me?")),
    ("process", "next_steps", N_("Tell her what happens from now on, step by step, and that a match can take time.")),
)  # fmt: skip

PEER: Starter = (
    ("about_you", "welcome", N_("Would you like to tell me a little about yourself?")),
    ("heard_of", "welcome", N_("Where did you learn of the network?")),
    ("why_peers", "motivation", N_("Why would you like to learn together with others?")),
    ("work", "professional", N_("What has your working life been like so far?")),
    ("skills", "professional", N_("What are you best at?")),
    ("languages", "professional", N_("Which languages do you speak, and how well?")),
    ("described", "personal", N_("How would you describe yourself? And how would your friends?")),
    ("contacts", "networks", N_("Which contacts and networks do you have?")),
    ("five_years", "vision", N_("If you were free to decide: what would your life look like in five years?")),
    ("learn_share", "match", N_("What would you like to learn, and what can you share?")),
    ("right", "match", N_("With whom should I match you?")),
    ("wrong", "match", N_("With whom should I not match you?")),
    ("how_often", "match", N_("How often can you meet?")),
    ("anything_else", "others", N_("Is there anything else that we should know to find a good match?")),
    ("your_questions", "questions", N_("What would you like to ask me?")),
    ("process", "next_steps", N_("Tell her what happens from now on, step by step, and that a match can take time.")),
)  # fmt: skip

STARTERS: Mapping[str, Starter] = MappingProxyType({"mentee": MENTEE, "mentor": MENTOR, "peer": PEER})

# What is to come after the talk, told to both (K25): what it is called, and what it means.
PROCESS: tuple[tuple[str, str], ...] = (
    (N_("Match search"), N_("We look for somebody whose experience fits what is needed. It can take time.")),
    (N_("Match"), N_("You both get a proposal with the reasons, and then the way to reach each other.")),
    (N_("First meeting"), N_("You meet once without any promise, at a place where you both feel at ease.")),
    (N_("Feedback from the first meeting"), N_("Each of you tells the coordinator alone whether she wants to go on.")),
    (N_("Mentor agreement and activity plan"), N_("You fill both in together at one of your next meetings.")),
    (N_("Follow-up and check-up"), N_("The coordinator asks now and then how it goes, and is there when you need her.")),
    (N_("Feedback when you reach a goal"), N_("You tell the coordinator when a goal is reached.")),
    (N_("Evaluation"), N_("At the end each of you answers a few questions. It takes about five minutes.")),
    (N_("End of the match"), N_("After about a year the mentoring ends. You may go on in private.")),
    (N_("Handbook"), N_("It answers what most pairs ask, and you get it at the beginning.")),
    (N_("Courses, events, newsletter"), N_("As a member of the network you are invited to them all.")),
)  # fmt: skip

# What has to be explained in the talk (K20, K24), by role.
EXPLAINED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "mentee": ("confidence", "readers", "her_needs"),
        "mentor": ("confidence", "readers", "may_wait", "member", "data_kept"),
        "peer": ("confidence", "readers", "her_needs", "may_wait"),
    }
)
EXPLAINED_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "confidence": N_("How the talk is built, that it stays in confidence, and that she may skip any question"),
        "readers": N_("Her notes are sealed, and she can see who has read them"),
        "her_needs": N_("A match follows her needs, so the right mentor may not be in the pool now"),
        "may_wait": N_("She may not be matched soon, or at all"),
        "member": N_("She is a member of the network from now on"),
        "data_kept": N_("Her data are kept, so that later mentees may find her"),
    }
)  # fmt: skip
