"""The texts in French."""

LABELS = {
    "minutes": "%(number)s minutes",
    "facts": "Le réseau aujourd’hui",
}
HANDBOOK = {
    "title": "Guide des mentors et des mentorées",
    "intro": "Dix minutes de lecture pour vous deux. Lisez-le avant votre première rencontre, et revenez-y quand quelque chose n’est pas clair.",
    "chapters": [
        {
            "title": "Ce qu’est le mentorat",
            "text": [
                "Deux personnes se rencontrent pendant un an environ. L’une connaît depuis longtemps un pays, un métier ou une façon de vivre ensemble. L’autre est en chemin. Elles parlent, elles essaient, et toutes deux apprennent.",
                "La mentorée décide de ce sur quoi vous travaillez. La mentor écoute, questionne, raconte ce qu’elle a vu elle-même et ouvre des portes là où elle le peut. Aucune n’est payée, et aucune ne doit rien à l’autre.",
            ],
            "points": [],
        },
        {
            "title": "Ce que le mentorat n’est pas",
            "text": ["Certaines choses reviennent à d’autres, même si vous vous appréciez beaucoup :"],
            "points": [
                "Une mentor n’est ni médecin, ni avocate, ni thérapeute. Elle aide à en trouver une.",
                "Une mentor ne trouve pas d’emploi pour sa mentorée. Elle l’aide à bien chercher.",
                "Vous ne vous prêtez pas d’argent, et aucune ne travaille pour l’autre sans salaire.",
                "Vous n’êtes pas de garde. Chacune peut dire : pas aujourd’hui.",
            ],
        },
        {
            "title": "Votre première rencontre",
            "text": [
                "La mentorée écrit ou appelle la première. Convenez d’un jour dans les deux semaines, et d’un lieu public facile à atteindre pour vous deux : un café, une bibliothèque, un parc avec des bancs.",
                "Cette heure n’a pas besoin de plan. Racontez-vous d’où vous venez, de quoi vos journées sont faites et pourquoi vous êtes là. C’est une rencontre d’essai : ensuite, chacune nous dit seule si elle veut continuer. Un non est une bonne réponse, et personne n’apprend qui l’a donné.",
            ],
            "points": [
                "Dites comment vous aimez être appelée, et comment cela se prononce.",
                "Demandez quelle langue vous convient à toutes deux, et parlez assez lentement.",
                "Avant de vous quitter, dites une chose qui vous a plu.",
            ],
        },
        {
            "title": "Votre convention et votre plan",
            "text": [
                "Si vous continuez toutes les deux, vous remplissez la convention ensemble dans les trois semaines. Elle dit à quel rythme vous vous voyez, comment vous joindre et ce que chacune attend. La lire à voix haute prend une demi-heure et évite bien des petits malentendus.",
                "Le plan appartient à la mentorée. Commencez par un rêve, aussi grand soit-il. Demandez ensuite : qu’est-ce qui serait différent dans un an ? Voilà un but. Sous chaque but viennent des pas à faire en quelques semaines, avec une date. Deux buts suffisent. Quand l’un est atteint, dites-le à votre coordinatrice, et soyez-en fières.",
            ],
            "points": [],
        },
        {
            "title": "Bien se rencontrer",
            "text": ["Une ou deux heures une fois par mois, c’est un bon rythme. Ce qui aide :"],
            "points": [
                "À la fin de chaque rencontre, fixez la suivante. Notez-la ici, et vous recevrez toutes deux un rappel.",
                "La mentorée envoie deux ou trois points à l’avance : ce qui s’est passé, ce dont elle veut parler.",
                "La mentor questionne plus qu’elle ne répond. « Qu’as-tu essayé ? » mène plus loin que « Tu devrais ».",
                "Faites parfois quelque chose ensemble : visiter un lieu de travail, écouter une conférence, répéter un entretien, cuisiner.",
                "Notez ce dont vous convenez. Cinq lignes suffisent.",
                "Si vous ne pouvez pas venir, dites-le le plus tôt possible et proposez aussitôt un autre jour.",
                "Après trois mois, demandez-vous : qu’est-ce qui est bien, et que devrions-nous changer ?",
            ],
        },
        {
            "title": "Quand vous venez d’endroits différents",
            "text": [
                "Ce qui est poli ici est froid ou trop proche ailleurs. Arriver en retard, dire non, regarder dans les yeux, parler d’argent ou de foi : rien de cela n’a partout le même sens. Ne devinez pas ce que l’autre veut dire. Demandez, et dites comment c’est chez vous.",
                "Personne ne représente tout un pays. Vous avez rencontré une personne.",
            ],
            "points": [],
        },
        {
            "title": "Ce qui reste entre vous",
            "text": [
                "Ce que vous vous dites reste entre vous. Noms, adresses et histoires ne sont transmis que si l’autre a dit oui. Cela vaut aussi une fois votre mentorat terminé.",
                "Il y a une exception : si la vie ou la santé de quelqu’un est en danger, cherchez de l’aide et appelez votre coordinatrice.",
            ],
            "points": [],
        },
        {
            "title": "Les moments difficiles",
            "text": [
                "Presque tous les binômes en connaissent, et la plupart passent. Parlez d’abord ensemble. Si cela n’aide pas, ou ne vous semble pas juste, appelez-nous."
            ],
            "points": [
                "Vous êtes sans nouvelles depuis des semaines : écrivez une ligne aimable. Si rien ne revient, dites-le à votre coordinatrice. Elle vous demande à toutes deux, sans reproche.",
                "Vous n’attendez pas la même chose : sortez la convention, et relisez-la ensemble.",
                "C’est trop, ou trop proche : dites ce que vous pouvez donner, et ce que vous ne pouvez pas. Vous avez le droit de fermer une porte.",
                "Quelque chose vous a blessée : dites-le vite et simplement. « Quand tu as dit cela, je me suis sentie petite. »",
                "Vous craignez pour la sécurité de l’autre : ne portez pas cela seule. Appelez votre coordinatrice le jour même.",
                "Vous avez peur de l’autre, ou l’on vous a maltraitée : partez, et dites-le-nous. Chaque page d’ici offre un moyen de parler en confiance d’une inquiétude.",
            ],
        },
        {
            "title": "Qui appeler",
            "text": [
                "Votre coordinatrice est là pour vous deux. Son nom et son numéro se trouvent au bas de chaque page d’ici. Aucune question n’est trop petite pour elle, et elle ne prend parti pour personne.",
                "Elle vous demande quelquefois comment cela se passe : après deux semaines, puis tous les quelques mois. Deux phrases suffisent comme réponse.",
            ],
            "points": [],
        },
        {
            "title": "La fin",
            "text": [
                "Après un an votre mentorat prend fin, ou plus tôt si vous avez atteint ce que vous vouliez. Chacune peut aussi arrêter avant, en prévenant un mois à l’avance et avec un mot gentil.",
                "Faites de la dernière rencontre un bon moment. Regardez le plan : qu’est-ce qui a changé ? Qu’emporte chacune ? Dites-vous merci, et convenez si vous restez en contact, et comment. Vous remplissez une courte évaluation et choisissez la suite : un nouveau mentorat, devenir mentor à votre tour, ou nos invitations et nouvelles.",
            ],
            "points": [],
        },
    ],
}
MENTEES = {
    "title": "Atelier d’introduction pour les mentorées",
    "intro": "Trois modules, environ deux heures avec une pause. Il vous faut une salle où l’on peut déplacer les chaises, du papier, des stylos, et les cinq cartes découpées, un jeu par groupe.",
    "modules": [
        {
            "title": "1. Rêves et visions",
            "aim": "Chacune trouve des mots pour ce qu’elle veut, avant que l’on parle de ce qui est possible.",
            "steps": [
                (10, "Bienvenue. Chacune dit son nom, et une chose qu’elle sait bien faire."),
                (
                    5,
                    "En silence, chacune écrit une page qui commence par « Mon rêve, c’est … ». Personne ne la ramasse.",
                ),
                (
                    10,
                    "Deux par deux : lisez-vous ce que vous voulez bien. Celle qui écoute demande seulement : « Et ce serait comment ? »",
                ),
                (
                    10,
                    "Ensemble : quel serait un premier pas qui prend une semaine ? Celles qui le veulent disent le leur.",
                ),
            ],
        },
        {
            "title": "2. Rôles",
            "aim": "Une mentorée mène son mentorat. Qu’est-ce que cela demande d’elle ?",
            "steps": [
                (5, "Posez les cinq cartes et lisez-les à voix haute."),
                (
                    10,
                    "En groupes de trois ou quatre : que veut dire chaque carte dans une vraie rencontre ? Laquelle est la plus difficile pour vous, et qu’est-ce qui aiderait ?",
                ),
                (
                    10,
                    "Chaque groupe joue une carte en une petite scène : d’abord comme il ne faut pas, puis mieux.",
                ),
                (5, "Chacune choisit une carte à emporter."),
            ],
        },
        {
            "title": "3. Le réseau",
            "aim": "Qui est là, comment cela continue, et ce qu’un binôme expérimenté a vécu.",
            "steps": [
                (
                    10,
                    "Le réseau en chiffres (ci-dessous), la coordinatrice, et ce qui se passe d’aujourd’hui à la dernière rencontre.",
                ),
                (20, "Un binôme expérimenté répond aux sept questions, puis aux vôtres."),
                (
                    5,
                    "Qu’est-ce qui n’est pas clair ? Écrivez-le sur une carte ; la coordinatrice répond dans la semaine.",
                ),
                (5, "Chacune remplit la feuille d’évaluation, sans son nom."),
            ],
        },
    ],
    "lists": [
        {
            "title": "Les cinq cartes : une mentorée …",
            "points": [
                "… fixe l’ordre du jour. Elle dit à l’avance de quoi la rencontre doit parler.",
                "… parle d’elle et de ses rêves. Personne ne peut les deviner.",
                "… se donne des buts. Assez petits pour être atteints, assez grands pour compter.",
                "… est attentive et critique. Elle écoute, et se demande si c’est juste pour elle.",
                "… prend l’initiative. Elle écrit, appelle et propose, et n’attend pas.",
            ],
        }
    ],
}
MENTORS = {
    "title": "Atelier d’introduction pour les mentors",
    "intro": "Quatre modules, environ deux heures et demie avec une pause. Il vous faut des tables pour des groupes de trois ou quatre, les six cas imprimés pour chaque table, et les formulaires de la convention et du plan.",
    "modules": [
        {
            "title": "1. Rencontres interculturelles",
            "aim": "Remarquer ses propres habitudes avant de juger celles des autres.",
            "steps": [
                (10, "Bienvenue. Chacune dit son nom, et où elle a un jour été étrangère elle-même."),
                (
                    10,
                    "Deux par deux : que vous a appris votre famille sur le temps, sur le fait de dire non, de demander de l’aide ?",
                ),
                (
                    10,
                    "Ensemble : où cela pourrait-il mener à un malentendu avec une mentorée ? Comment le demanderiez-vous ?",
                ),
            ],
        },
        {
            "title": "2. Dilemmes et solutions",
            "aim": "Avoir pensé aux moments difficiles avant qu’ils n’arrivent.",
            "steps": [
                (
                    20,
                    "En groupes de trois ou quatre : choisissez au moins deux des six cas. Que voyez-vous ? Que diriez-vous, mot pour mot ? Qui appelleriez-vous ?",
                ),
                (
                    15,
                    "Chaque groupe raconte un cas et ce qu’il ferait. La coordinatrice dit pour quoi elle aimerait être appelée.",
                ),
            ],
        },
        {
            "title": "3. Outils",
            "aim": "Avoir eu en main la convention et le plan.",
            "steps": [
                (10, "La coordinatrice parcourt la convention et le plan, avec un exemple."),
                (
                    15,
                    "Deux par deux : jouez une mentor et une mentorée qui remplissent les deux ensemble. Changez de rôle à mi-temps.",
                ),
                (
                    10,
                    "Qu’était-il facile de demander, et difficile ? Quelles questions ont ouvert quelque chose ?",
                ),
            ],
        },
        {
            "title": "4. À propos du réseau",
            "aim": "Qui est là, comment cela continue, et ce qu’un binôme expérimenté a vécu.",
            "steps": [
                (
                    10,
                    "Le réseau en chiffres (ci-dessous), la coordinatrice, et ce qui se passe d’aujourd’hui à la dernière rencontre.",
                ),
                (20, "Un binôme expérimenté répond aux sept questions, puis aux vôtres."),
                (5, "Chacune remplit la feuille d’évaluation, sans son nom."),
            ],
        },
    ],
    "lists": [
        {
            "title": "Six cas",
            "points": [
                "Lina a annulé trois rencontres, chaque fois une heure avant. Ses messages sont chaleureux et pleins d’excuses. Vous commencez à garder ces soirées libres pour rien.",
                "Samira vous demande de l’accompagner dans un bureau où l’on doit expliquer une lettre sur son séjour. Vous ne connaissez pas la loi, et elle ne fait confiance à personne d’autre.",
                "À chaque rencontre, Mariam parle des dettes de son mari. Vous ne parlez plus de rien d’autre. Aujourd’hui elle demande si vous pourriez lui prêter une petite somme jusqu’à vendredi.",
                "Vous avez trouvé une place de stage pour Hana chez un ami. Elle n’y est pas allée, et ne vous l’a pas dit. Vous l’avez appris par votre ami.",
                "Votre mentorée accepte tout ce que vous proposez, et n’en fait rien. Vous remarquez que vous préparez chaque rencontre et que c’est surtout vous qui parlez.",
                "Rosa a un bleu au bras et détourne les yeux quand vous posez la question. Elle dit que personne ne doit savoir qu’elle vous rencontre.",
            ],
        }
    ],
}
QUESTIONS = {
    "title": "Sept questions à un binôme expérimenté",
    "points": [
        "Comment s’est passée votre première rencontre, et qu’avez-vous pensé en rentrant ?",
        "De quoi êtes-vous convenues qui s’est révélé bon ?",
        "Que faisiez-vous lors de vos rencontres, à part parler ?",
        "Quel moment a été difficile, et comment l’avez-vous traversé ?",
        "Qu’a appris la mentorée à quoi elle ne s’attendait pas ?",
        "Qu’a appris la mentor à quoi elle ne s’attendait pas ?",
        "Que feriez-vous autrement si vous recommenciez aujourd’hui ?",
    ],
}
