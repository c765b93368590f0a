"""The texts in French."""

LABELS = {
    "mentor": "Mentor",
    "mentee": "Mentorée",
    "peer": "Membre",
    "coordinator": "Notre coordinatrice",
    "contact": "Entre nos rencontres, nous restons en contact par",
    "frequency": "À quelle fréquence",
    "expectations": "Ce qu’attend %(name)s",
    "aims": "Ce que nous voulons atteindre ensemble",
    "purposes": "À quoi sert ce mentorat",
    "signed": "Signé par %(name)s le %(day)s",
    "unsigned": "Pas encore signé par %(name)s",
}
WAYS = {
    "text_messages": "messages (SMS)",
    "email": "courriel",
    "telephone": "téléphone",
    "video": "appels vidéo",
}
PURPOSES = {
    "learning_support": "Être aidée dans ses études, par exemple pour les devoirs",
    "education": "Commencer des études ou une formation",
    "internship": "Être acceptée pour un stage",
    "job": "Trouver un emploi",
    "qualified_job": "Trouver un emploi qui correspond aux qualifications de la mentorée",
    "social_network": "Connaître plus de monde dans la vie privée",
    "professional_network": "Connaître plus de monde dans la vie professionnelle",
    "job_market": "Mieux comprendre comment se passe la vie au travail ici",
    "listener": "Avoir quelqu’un à qui parler et qui écoute",
    "confidence": "Prendre confiance en soi et en ce que l’on sait faire",
    "other": "Autre chose",
}
TOOLBOX = {
    "title": "Notre convention de mentorat",
    "intro": "Ceci est une convention entre des personnes qui se font confiance, et non un contrat. La mentorée décide "
    "de ce sur quoi nous travaillons ; nous la remplissons ensemble.",
    "sections": [
        {
            "code": "mentor",
            "title": "Ce qu’apporte la mentor",
            "points": [
                "Elle écoute, questionne, guide et accompagne la mentorée en partenaire.",
                "Elle parle honnêtement avec la mentorée.",
                "Elle traite la mentorée avec respect.",
                "Elle est prête à ouvrir ses propres réseaux à une autre personne.",
                "Elle ne peut pas être experte en tout, et n’a pas à l’être.",
            ],
        },
        {
            "code": "mentee",
            "title": "Ce qu’apporte la mentorée",
            "points": [
                "Elle pose des questions, écoute et reste ouverte aux conseils.",
                "Elle est responsable de son propre développement et fait le premier pas.",
                "Elle traite la mentor avec respect.",
                "Elle parle honnêtement avec la mentor.",
                "Elle travaille à ses propres buts et besoins, et elle est prête à en parler.",
            ],
        },
        {
            "code": "clauses",
            "title": "Ce dont nous convenons",
            "points": [
                "Ce que nous nous disons pendant nos rencontres reste entre nous.",
                "Nous ne nous faisons pas de cadeaux et ne nous prêtons pas d’argent.",
                "La mentor fait de son mieux pour soutenir la mentorée et l’aider à élargir son réseau.",
                "Nous nous voyons au moins une fois par mois jusqu’à la fin du mentorat.",
                "Nous tenons nos rendez-vous et arrivons à l’heure.",
                "Qui veut changer cette convention l’écrit, et la coordinatrice en est informée.",
                "Entre les rencontres, nous restons en contact par téléphone, courriel ou message, aussi souvent que nous "
                "l’écrivons ci-dessous.",
            ],
        },
        {
            "code": "ending",
            "title": "Comment cela peut finir",
            "points": [
                "Chacune de nous peut mettre fin au mentorat avec un préavis d’un mois. La dernière semaine sert à faire le bilan.",
                "Si l’autre ne respecte pas cette convention, un préavis d’un jour suffit.",
                "Si quelqu’un trahit une confidence, le mentorat s’arrête immédiatement.",
            ],
        },
        {
            "code": "review",
            "title": "Quand nous la relisons",
            "points": [
                "Nous relisons cette convention au moins une fois par an, et plus tôt si nos attentes sont comblées. "
                "Nous en écrivons alors une nouvelle, ou nous terminons.",
            ],
        },
    ],
}
ANNEX = {
    "title": "Notre convention de mentorat",
    "intro": "Nous voulons bien travailler ensemble. Voici ce que chacune de nous fait pour cela.",
    "sections": [
        {
            "code": "aims",
            "title": "Nos neuf buts",
            "points": [
                "Notre relation est faite de respect.",
                "Nous dialoguons, et chacune a la parole.",
                "Quand quelque chose est difficile, nous en parlons et trouvons ensemble une solution.",
                "Ce que nous nous disons est confidentiel : nous n’en parlons à personne d’autre, sauf à notre coordinatrice.",
                "Nous ne nous faisons pas de cadeaux.",
                "Aucune de nous n’attend qu’une autre appelle ou écrive.",
                "Chacune de nous prend l’initiative.",
                "Nous tenons nos rendez-vous.",
                "Nous nous encourageons et faisons ce que nous avons convenu.",
            ],
        },
        {
            "code": "contact",
            "title": "Quand nous sommes en contact",
            "points": [
                "Nous nous voyons au moins une fois par mois.",
                "Entre nos rencontres, nous restons en contact par les moyens choisis ci-dessous.",
            ],
        },
    ],
}
MEMO_MENTEE = {
    "title": "Aide-mémoire pour les mentorées",
    "intro": "Votre mentorat dure environ douze mois. Vous voyez votre mentor une fois par mois, et restez en contact "
    "entre-temps.",
    "sections": [
        {
            "code": "points",
            "title": "Dix choses à retenir",
            "points": [
                "Votre mentor est bénévole. Elle vous donne son temps et n’est pas payée.",
                "Elle vous soutient sur le chemin de vos rêves et de vos buts.",
                "Elle est quelqu’un avec qui parler. C’est vous qui décidez de suivre ou non ses conseils.",
                "Prenez vos rencontres au sérieux : annulez si vous ne pouvez pas venir, et précisez vos buts autant que possible.",
                "Vous êtes toutes deux responsables de la façon dont cela se passe.",
                "Vous venez à l’atelier du début.",
                "Parlez avec votre coordinatrice si quelque chose est difficile.",
                "Vous répondez quand nous demandons comment cela va, vous signez la convention et remplissez l’évaluation à la fin.",
                "Racontez-nous ce que vous vivez et ce qui réussit.",
                "Gardez à jour votre numéro de téléphone et vos adresses.",
            ],
        },
    ],
}
MEMO_MENTOR = {
    "title": "Aide-mémoire pour les mentors",
    "intro": "Votre mentorat dure environ douze mois. Vous voyez votre mentorée une fois par mois, et restez en contact "
    "entre-temps.",
    "sections": [
        {
            "code": "points",
            "title": "Dix choses à retenir",
            "points": [
                "Vous êtes bénévole. Vous donnez votre temps et n’êtes pas payée.",
                "Vous soutenez votre mentorée sur le chemin de ses rêves et de ses buts.",
                "Vous êtes quelqu’un avec qui parler. C’est elle qui décide de suivre ou non vos conseils.",
                "Prenez vos rencontres au sérieux : annulez si vous ne pouvez pas venir, et aidez-la à préciser ses buts.",
                "Vous êtes toutes deux responsables de la façon dont cela se passe.",
                "Vous venez à l’atelier du début.",
                "Parlez avec votre coordinatrice si quelque chose est difficile.",
                "Vous répondez quand nous demandons comment cela va, vous signez la convention et remplissez l’évaluation à la fin.",
                "Racontez-nous ce que vous vivez et ce qui réussit.",
                "Gardez à jour votre numéro de téléphone et vos adresses.",
            ],
        },
    ],
}
