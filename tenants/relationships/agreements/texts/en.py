"""The texts in English."""

LABELS = {
    "mentor": "Mentor",
    "mentee": "Mentee",
    "peer": "Member",
    "coordinator": "Our coordinator",
    "contact": "Between our meetings we are in touch by",
    "frequency": "How often",
    "expectations": "What %(name)s expects",
    "aims": "What we want to reach together",
    "purposes": "What this mentoring is for",
    "signed": "Signed by %(name)s on %(day)s",
    "unsigned": "Not signed yet by %(name)s",
}
WAYS = {
    "text_messages": "text messages",
    "email": "e-mail",
    "telephone": "telephone",
    "video": "video calls",
}
PURPOSES = {
    "learning_support": "Get help with learning, such as homework",
    "education": "Begin an education or training",
    "internship": "Be taken on for an internship",
    "job": "Find a job",
    "qualified_job": "Find a job that fits the mentee’s qualifications",
    "social_network": "Get to know more people in private life",
    "professional_network": "Get to know more people at work",
    "job_market": "Understand better how working life here goes",
    "listener": "Have somebody to talk to who listens",
    "confidence": "Grow more confident, and trust in what one can do",
    "other": "Something else",
}
TOOLBOX = {
    "title": "Our mentoring agreement",
    "intro": "This is an agreement between people who trust each other, and not a contract. The mentee decides what we "
    "work on; we fill it in together.",
    "sections": [
        {
            "code": "mentor",
            "title": "What the mentor brings",
            "points": [
                "She listens, asks, guides and stands by the mentee as a partner.",
                "She speaks honestly with the mentee.",
                "She treats the mentee with respect.",
                "She is ready to open her own networks to another person.",
                "She cannot be an expert in everything, and does not have to be.",
            ],
        },
        {
            "code": "mentee",
            "title": "What the mentee brings",
            "points": [
                "She asks, listens, and is open to advice and guidance.",
                "She takes responsibility for her own development, and the first step.",
                "She treats the mentor with respect.",
                "She speaks honestly with the mentor.",
                "She works towards her own goals and needs, and is ready to talk about them.",
            ],
        },
        {
            "code": "clauses",
            "title": "What we agree on",
            "points": [
                "What we say to each other in our meetings stays between us.",
                "We give each other no gifts and lend each other no money.",
                "The mentor does her best to support the mentee, and to help her network grow.",
                "We meet at least once a month until the mentoring ends.",
                "We keep our appointments and come on time.",
                "Whoever wants to change this agreement writes it down, and the coordinator is told.",
                "Between meetings we are in touch by telephone, e-mail or text message, as often as we write below.",
            ],
        },
        {
            "code": "ending",
            "title": "How it can end",
            "points": [
                "Either of us may end the mentoring with one month’s notice. We use the last week to look back at it.",
                "If the other one does not keep this agreement, one day’s notice is enough.",
                "If somebody breaks confidence, the mentoring ends at once.",
            ],
        },
        {
            "code": "review",
            "title": "When we look at it again",
            "points": [
                "We look at this agreement at least once a year, and earlier if what we expected has come true. "
                "Then we write a new one, or we end.",
            ],
        },
    ],
}
ANNEX = {
    "title": "Our mentoring agreement",
    "intro": "We want to work well together. This is what each of us does for it.",
    "sections": [
        {
            "code": "aims",
            "title": "Our nine aims",
            "points": [
                "We have a relationship of respect.",
                "We talk with each other, and each of us has her say.",
                "When something is difficult we talk about it and find a way together.",
                "What we tell each other is confidential: we speak of it with nobody else, except with our coordinator.",
                "We give each other no gifts.",
                "None of us waits for somebody else to call or write.",
                "Each of us takes the initiative.",
                "We keep our appointments.",
                "We encourage each other, and do what we have agreed on.",
            ],
        },
        {
            "code": "contact",
            "title": "When we are in touch",
            "points": [
                "We meet at least once a month.",
                "Between our meetings we are in touch in the ways that we choose below.",
            ],
        },
    ],
}
MEMO_MENTEE = {
    "title": "To remember for mentees",
    "intro": "Your mentoring lasts about twelve months. You meet your mentor once a month, and are in touch in between.",
    "sections": [
        {
            "code": "points",
            "title": "Ten things to remember",
            "points": [
                "Your mentor is a volunteer. She gives you her time and is not paid for it.",
                "She supports you on the way to your dreams and goals.",
                "She is somebody to talk with. Whether you follow her advice is yours to decide.",
                "Take your meetings seriously: cancel if you cannot come, and make your goals as clear as you can.",
                "Both of you are responsible for how it goes.",
                "You come to the workshop at the beginning.",
                "Talk with your coordinator if something is difficult.",
                "You answer when we ask how it goes, you sign the agreement, and you fill in the evaluation at the end.",
                "Tell us what you live through, and what goes well.",
                "Keep your telephone number and addresses up to date.",
            ],
        },
    ],
}
MEMO_MENTOR = {
    "title": "To remember for mentors",
    "intro": "Your mentoring lasts about twelve months. You meet your mentee once a month, and are in touch in between.",
    "sections": [
        {
            "code": "points",
            "title": "Ten things to remember",
            "points": [
                "You are a volunteer. You give your time and are not paid for it.",
                "You support your mentee on the way to her dreams and goals.",
                "You are somebody to talk with. Whether she follows your advice is hers to decide.",
                "Take your meetings seriously: cancel if you cannot come, and help her to make her goals clear.",
                "Both of you are responsible for how it goes.",
                "You come to the workshop at the beginning.",
                "Talk with your coordinator if something is difficult.",
                "You answer when we ask how it goes, you sign the agreement, and you fill in the evaluation at the end.",
                "Tell us what you live through, and what goes well.",
                "Keep your telephone number and addresses up to date.",
            ],
        },
    ],
}
