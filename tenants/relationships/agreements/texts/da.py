"""The texts in Danish."""

LABELS = {
    "mentor": "Mentor",
    "mentee": "Mentee",
    "peer": "Ligestillet",
    "coordinator": "Vores koordinator",
    "contact": "Mellem vores møder har vi kontakt via",
    "frequency": "Hvor tit",
    "expectations": "Hvad %(name)s forventer",
    "aims": "Hvad vi vil nå sammen",
    "purposes": "Hvad mentorforholdet skal bruges til",
    "signed": "Underskrevet af %(name)s den %(day)s",
    "unsigned": "Endnu ikke underskrevet af %(name)s",
}
WAYS = {
    "text_messages": "sms",
    "email": "e-mail",
    "telephone": "telefon",
    "video": "videoopkald",
}
PURPOSES = {
    "learning_support": "Få hjælp til at lære, for eksempel med lektier",
    "education": "Begynde på en uddannelse",
    "internship": "Komme i praktik",
    "job": "Finde et job",
    "qualified_job": "Finde et job, der passer til menteens kvalifikationer",
    "social_network": "Lære flere mennesker at kende privat",
    "professional_network": "Lære flere mennesker at kende på arbejdsmarkedet",
    "job_market": "Forstå arbejdslivet her bedre",
    "listener": "Have nogen at tale med, som lytter",
    "confidence": "Blive mere sikker på sig selv og tro på, hvad man kan",
    "other": "Noget andet",
}
TOOLBOX = {
    "title": "Vores mentoraftale",
    "intro": "Det her er en aftale mellem mennesker, der stoler på hinanden, og ikke en kontrakt. Menteen bestemmer, hvad "
    "vi arbejder med, og vi udfylder den sammen.",
    "sections": [
        {
            "code": "mentor",
            "title": "Hvad mentoren bidrager med",
            "points": [
                "Hun lytter, spørger, vejleder og står ved menteens side som partner.",
                "Hun taler ærligt med menteen.",
                "Hun viser menteen respekt.",
                "Hun er parat til at åbne sine egne netværk for en anden.",
                "Hun kan ikke være ekspert i alt, og det skal hun heller ikke.",
            ],
        },
        {
            "code": "mentee",
            "title": "Hvad menteen bidrager med",
            "points": [
                "Hun spørger, lytter og er åben for råd og vejledning.",
                "Hun tager ansvar for sin egen udvikling og tager det første skridt.",
                "Hun viser mentoren respekt.",
                "Hun taler ærligt med mentoren.",
                "Hun arbejder for sine egne mål og behov og er parat til at tale om dem.",
            ],
        },
        {
            "code": "clauses",
            "title": "Hvad vi aftaler",
            "points": [
                "Det, vi siger til hinanden på vores møder, bliver mellem os.",
                "Vi giver ikke hinanden gaver og låner ikke hinanden penge.",
                "Mentoren gør sit bedste for at støtte menteen og hjælpe hendes netværk med at vokse.",
                "Vi mødes mindst en gang om måneden, til mentorforholdet slutter.",
                "Vi overholder vores aftaler og kommer til tiden.",
                "Den, der vil ændre aftalen, skriver det ned, og koordinatoren får besked.",
                "Mellem møderne har vi kontakt via telefon, e-mail eller sms, så tit som vi skriver nedenfor.",
            ],
        },
        {
            "code": "ending",
            "title": "Hvordan det kan slutte",
            "points": [
                "Vi kan begge afslutte mentorforholdet med en måneds varsel. Den sidste uge bruger vi til at se tilbage på det.",
                "Hvis den anden ikke overholder aftalen, er en dags varsel nok.",
                "Hvis nogen bryder fortroligheden, slutter mentorforholdet med det samme.",
            ],
        },
        {
            "code": "review",
            "title": "Hvornår vi ser på den igen",
            "points": [
                "Vi ser på aftalen mindst en gang om året, og tidligere, hvis det, vi forventede, er blevet til noget. "
                "Så skriver vi en ny, eller vi stopper.",
            ],
        },
    ],
}
ANNEX = {
    "title": "Vores mentoraftale",
    "intro": "Vi vil arbejde godt sammen. Det her gør hver af os for det.",
    "sections": [
        {
            "code": "aims",
            "title": "Vores ni mål",
            "points": [
                "Vi har respekt for hinanden.",
                "Vi taler sammen, og alle kommer til orde.",
                "Når noget er svært, taler vi om det og finder en løsning sammen.",
                "Det, vi fortæller hinanden, er fortroligt: Vi taler ikke med andre om det, undtagen med vores koordinator.",
                "Vi giver ikke hinanden gaver.",
                "Vi venter ikke på, at en anden ringer eller skriver.",
                "Hver af os tager initiativ.",
                "Vi overholder vores aftaler.",
                "Vi opmuntrer hinanden og gør det, vi har aftalt.",
            ],
        },
        {
            "code": "contact",
            "title": "Hvornår vi har kontakt",
            "points": [
                "Vi mødes mindst en gang om måneden.",
                "Mellem vores møder har vi kontakt på de måder, vi vælger nedenfor.",
            ],
        },
    ],
}
MEMO_MENTEE = {
    "title": "Huskeseddel til menteer",
    "intro": "Dit mentorforhold varer omkring tolv måneder. Du mødes med din mentor en gang om måneden, og I har kontakt "
    "ind imellem.",
    "sections": [
        {
            "code": "points",
            "title": "Ti ting at huske",
            "points": [
                "Din mentor er frivillig. Hun giver dig sin tid og får ingen løn for det.",
                "Hun støtter dig på vejen mod dine drømme og mål.",
                "Hun er en at tale med. Du bestemmer selv, om du følger hendes råd.",
                "Tag jeres møder alvorligt: Meld afbud, hvis du ikke kan komme, og gør dine mål så klare, du kan.",
                "I har begge ansvar for, hvordan det går.",
                "Du kommer til workshoppen i begyndelsen.",
                "Tal med din koordinator, hvis noget er svært.",
                "Du svarer, når vi spørger, hvordan det går, du underskriver aftalen, og du udfylder evalueringen til sidst.",
                "Fortæl os, hvad du oplever, og hvad der lykkes.",
                "Hold dit telefonnummer og dine adresser ajour.",
            ],
        },
    ],
}
MEMO_MENTOR = {
    "title": "Huskeseddel til mentorer",
    "intro": "Dit mentorforhold varer omkring tolv måneder. Du mødes med din mentee en gang om måneden, og I har kontakt "
    "ind imellem.",
    "sections": [
        {
            "code": "points",
            "title": "Ti ting at huske",
            "points": [
                "Du er frivillig. Du giver din tid og får ingen løn for det.",
                "Du støtter din mentee på vejen mod hendes drømme og mål.",
                "Du er en at tale med. Hun bestemmer selv, om hun følger dine råd.",
                "Tag jeres møder alvorligt: Meld afbud, hvis du ikke kan komme, og hjælp hende med at gøre sine mål klare.",
                "I har begge ansvar for, hvordan det går.",
                "Du kommer til workshoppen i begyndelsen.",
                "Tal med din koordinator, hvis noget er svært.",
                "Du svarer, når vi spørger, hvordan det går, du underskriver aftalen, og du udfylder evalueringen til sidst.",
                "Fortæl os, hvad du oplever, og hvad der lykkes.",
                "Hold dit telefonnummer og dine adresser ajour.",
            ],
        },
    ],
}
