"""The texts in English."""

LABELS = {
    "minutes": "%(number)s minutes",
    "facts": "The network today",
}
HANDBOOK = {
    "title": "Handbook for mentors and mentees",
    "intro": "Ten minutes of reading for both of you. Read it before you meet for the first time, and come back to it when something is unclear.",
    "chapters": [
        {
            "title": "What mentoring is",
            "text": [
                "Two people meet for about a year. One of them knows a country, a line of work or a way of living together from long experience. The other is on her way there. They talk, they try things out, and both learn.",
                "The mentee decides what you work on. The mentor listens, asks, tells what she has seen herself, and opens doors where she can. Neither is paid, and neither owes the other anything.",
            ],
            "points": [],
        },
        {
            "title": "What mentoring is not",
            "text": ["Some things belong to other people, however much you like each other:"],
            "points": [
                "A mentor is no doctor, lawyer or therapist. She helps to find one.",
                "A mentor does not find a job for her mentee. She helps her to look for it well.",
                "You lend each other no money, and nobody works for the other without pay.",
                "You are not on duty. Each of you may say: not today.",
            ],
        },
        {
            "title": "Your first meeting",
            "text": [
                "The mentee writes or calls first. Agree on a day within two weeks, and on a public place that both of you reach easily: a café, a library, a park with benches.",
                "You need no plan for this hour. Tell each other where you come from, what fills your days, and why you are here. It is a meeting on trial: afterwards each of you tells us alone whether you want to go on. A no is a good answer, and nobody learns who gave it.",
            ],
            "points": [
                "Say how you like to be called, and how to pronounce it.",
                "Ask which language suits both of you, and speak slowly enough.",
                "Before you part, say one thing that you liked.",
            ],
        },
        {
            "title": "Your agreement and your plan",
            "text": [
                "If both of you go on, you fill in the agreement together within three weeks. It says how often you meet, how you reach each other, and what each expects. Reading it aloud takes half an hour and spares you many small misunderstandings.",
                "The plan belongs to the mentee. Begin with a dream, however large. Ask then: what would be different in a year? That is a goal. Under each goal stand steps that can be done in a few weeks, with a day beside them. Two goals are enough. When one is reached, tell your coordinator, and be proud.",
            ],
            "points": [],
        },
        {
            "title": "Meeting well",
            "text": ["Once a month for an hour or two is a good rhythm. What helps:"],
            "points": [
                "At the end of each meeting, set the day of the next one. Put it in here, and both of you are reminded.",
                "The mentee sends two or three points beforehand: what has happened, what she wants to talk about.",
                "The mentor asks more than she answers. “What have you tried?” goes further than “You should”.",
                "Do something together now and then: visit a workplace, go to a lecture, practise a job interview, cook.",
                "Write down what you agree on. Five lines are enough.",
                "If you cannot come, say so as early as you can, and propose another day at once.",
                "After three months, ask each other: what is good, and what should we change?",
            ],
        },
        {
            "title": "When you come from different places",
            "text": [
                "What is polite in one place is cold or too close in another. Being late, saying no, looking into somebody’s eyes, speaking about money or faith: none of it means the same everywhere. Do not guess what the other one means. Ask, and tell how it is with you.",
                "Nobody stands for a whole country. You have met one person.",
            ],
            "points": [],
        },
        {
            "title": "What stays between you",
            "text": [
                "What you tell each other stays with you. Names, addresses and stories are passed on only if the other one has said yes. That also holds after your mentoring has ended.",
                "There is one exception: if somebody’s life or health is in danger, get help, and call your coordinator.",
            ],
            "points": [],
        },
        {
            "title": "Difficult moments",
            "text": [
                "They come in nearly every pair, and most of them pass. First talk with each other. If that does not help, or feels wrong, call us."
            ],
            "points": [
                "You have not heard from each other for weeks: write one friendly line. If nothing comes back, tell your coordinator. She asks both of you without blame.",
                "You expect different things: take out the agreement, and read it together again.",
                "It is too much, or too close: say what you can give, and what you cannot. You may close a door.",
                "Something hurt you: say it soon and simply. “When you said that, I felt small.”",
                "You worry about the other one’s safety: do not carry that alone. Call your coordinator on the same day.",
                "You are afraid of the other one, or were treated badly: go, and tell us. On each page there is a way to raise a concern in confidence.",
            ],
        },
        {
            "title": "Whom to call",
            "text": [
                "Your coordinator is there for both of you. Her name and number stand at the foot of each page here. No question is too small for her, and she takes nobody’s side.",
                "She asks you a few times how things go: after two weeks, and then every few months. Two sentences are enough for an answer.",
            ],
            "points": [],
        },
        {
            "title": "The end",
            "text": [
                "After a year your mentoring comes to its end, or earlier if you have reached what you wanted. Either of you may also stop before, with a month’s notice and a kind word.",
                "Make the last meeting a good one. Look at the plan: what has changed? What does each of you take along? Then say thank you, and agree whether and how you stay in touch. You fill in a short evaluation, and choose what comes next: a new match, becoming a mentor yourself, or our invitations and news.",
            ],
            "points": [],
        },
    ],
}
MENTEES = {
    "title": "Introductory workshop for mentees",
    "intro": "Three modules, about two hours with a break. You need a room in which chairs can be moved, paper, pens, and the five cards cut out, one set for each group.",
    "modules": [
        {
            "title": "1. Dreams and visions",
            "aim": "Each finds words for what she wants, before anybody speaks of what is possible.",
            "steps": [
                (10, "Welcome. Each says her name, and one thing that she is good at."),
                (5, "In silence, each writes a page that begins with “My dream is …”. Nobody collects it."),
                (
                    10,
                    "Two by two: read to each other as much as you like. The listener asks only: “And what would that be like?”",
                ),
                (10, "Together: what would be a first step that takes a week? Those who like say theirs."),
            ],
        },
        {
            "title": "2. Roles",
            "aim": "A mentee leads her mentoring. What does that ask of her?",
            "steps": [
                (5, "Lay out the five cards and read them aloud."),
                (
                    10,
                    "In groups of three or four: what does each card mean in a real meeting? Which one is hardest for you, and what would help?",
                ),
                (10, "Each group shows one card in a little scene: first as it should not be, then better."),
                (5, "Each chooses a card to take home."),
            ],
        },
        {
            "title": "3. The network",
            "aim": "Who is there, how it goes on, and what an experienced pair has lived through.",
            "steps": [
                (
                    10,
                    "The network in numbers (below), the coordinator, and what happens from today to the last meeting.",
                ),
                (20, "An experienced pair answers the seven questions, then yours."),
                (5, "What is still unclear? Write it on a card; the coordinator answers within a week."),
                (5, "Everybody fills in the evaluation form, without a name."),
            ],
        },
    ],
    "lists": [
        {
            "title": "The five cards: a mentee …",
            "points": [
                "… sets the agenda. She says beforehand what the meeting is to be about.",
                "… tells about herself and her dreams. Nobody can guess them.",
                "… sets goals. Small enough to be reached, large enough to matter.",
                "… is attentive and critical. She listens, and asks whether it is right for her.",
                "… is proactive. She writes, calls and proposes, and does not wait.",
            ],
        }
    ],
}
MENTORS = {
    "title": "Introductory workshop for mentors",
    "intro": "Four modules, about two and a half hours with a break. You need tables for groups of three or four, the six cases printed for each table, and the forms of the agreement and of the plan.",
    "modules": [
        {
            "title": "1. Intercultural encounters",
            "aim": "To notice one’s own customs before judging those of others.",
            "steps": [
                (10, "Welcome. Each says her name, and where she was once a stranger herself."),
                (
                    10,
                    "Two by two: what did your family teach you about time, about saying no, about asking for help?",
                ),
                (
                    10,
                    "Together: where could that lead to a misunderstanding with a mentee? How would you ask?",
                ),
            ],
        },
        {
            "title": "2. Dilemmas and solutions",
            "aim": "To have thought of difficult moments before they come.",
            "steps": [
                (
                    20,
                    "In groups of three or four: choose at least two of the six cases. What do you see? What would you say, word for word? Whom would you call?",
                ),
                (
                    15,
                    "Each group tells one case and what it would do. The coordinator says what she would like to be called for.",
                ),
            ],
        },
        {
            "title": "3. Tools",
            "aim": "To have held the agreement and the plan in one’s hands.",
            "steps": [
                (10, "The coordinator goes through the agreement and the plan, with an example."),
                (
                    15,
                    "Two by two: play a mentor and a mentee who fill in both together. Change roles after half of the time.",
                ),
                (10, "What was easy to ask, and what was hard? Which questions opened something?"),
            ],
        },
        {
            "title": "4. About the network",
            "aim": "Who is there, how it goes on, and what an experienced pair has lived through.",
            "steps": [
                (
                    10,
                    "The network in numbers (below), the coordinator, and what happens from today to the last meeting.",
                ),
                (20, "An experienced pair answers the seven questions, then yours."),
                (5, "Everybody fills in the evaluation form, without a name."),
            ],
        },
    ],
    "lists": [
        {
            "title": "Six cases",
            "points": [
                "Lina has called off three meetings, each time an hour before. Her messages are warm and full of excuses. You have begun to keep these evenings free for nothing.",
                "Samira asks you to come along to an office where a letter about her stay is to be explained. You do not know the law, and she trusts nobody else.",
                "Each time you meet, Mariam speaks of her husband’s debts. You talk about nothing else any more. Today she asks whether you could lend her a small sum until Friday.",
                "You found a trainee’s place for Hana with a friend of yours. She did not go there, and did not tell you. You heard it from your friend.",
                "Your mentee agrees to all that you propose, and does none of it. You notice that you prepare each meeting, and do most of the talking.",
                "Rosa has a bruise on her arm and looks away when you ask. She says that nobody may know that she meets you.",
            ],
        }
    ],
}
QUESTIONS = {
    "title": "Seven questions to an experienced pair",
    "points": [
        "How was your first meeting, and what did you think on the way home?",
        "What did you agree on that proved to be good?",
        "What did you do in your meetings, besides talking?",
        "Which moment was difficult, and how did you get through it?",
        "What did the mentee learn that she had not expected?",
        "What did the mentor learn that she had not expected?",
        "What would you do differently if you began again today?",
    ],
}
