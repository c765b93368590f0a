"""The texts in Danish."""

LABELS = {
    "minutes": "%(number)s minutter",
    "facts": "Netværket i dag",
}
HANDBOOK = {
    "title": "Håndbog for mentorer og mentees",
    "intro": "Ti minutters læsning til jer begge. Læs den, før I mødes første gang, og vend tilbage til den, når noget er uklart.",
    "chapters": [
        {
            "title": "Hvad et mentorforhold er",
            "text": [
                "To mennesker mødes i omkring et år. Den ene kender et land, et fag eller en måde at leve sammen på af lang erfaring. Den anden er på vej. De taler sammen, de prøver ting af, og begge lærer.",
                "Menteen bestemmer, hvad I arbejder med. Mentoren lytter, spørger, fortæller, hvad hun selv har set, og åbner døre, hvor hun kan. Ingen af jer får løn, og ingen skylder den anden noget.",
            ],
            "points": [],
        },
        {
            "title": "Hvad et mentorforhold ikke er",
            "text": ["Nogle ting hører til hos andre, uanset hvor godt I kan lide hinanden:"],
            "points": [
                "En mentor er ikke læge, advokat eller terapeut. Hun hjælper med at finde en.",
                "En mentor finder ikke et job til sin mentee. Hun hjælper hende med at søge godt.",
                "I låner ikke hinanden penge, og ingen arbejder for den anden uden løn.",
                "I er ikke på vagt. Hver af jer må sige: ikke i dag.",
            ],
        },
        {
            "title": "Jeres første møde",
            "text": [
                "Menteen skriver eller ringer først. Aftal en dag inden for to uger og et offentligt sted, som I begge let kan komme til: en café, et bibliotek, en park med bænke.",
                "Den time behøver ingen plan. Fortæl hinanden, hvor I kommer fra, hvad jeres dage går med, og hvorfor I er her. Det er et møde på prøve: bagefter fortæller hver af jer alene os, om I vil fortsætte. Et nej er et godt svar, og ingen får at vide, hvem der sagde det.",
            ],
            "points": [
                "Sig, hvad du gerne vil kaldes, og hvordan det udtales.",
                "Spørg, hvilket sprog der passer jer begge, og tal langsomt nok.",
                "Sig én ting, du var glad for, før I går.",
            ],
        },
        {
            "title": "Jeres aftale og jeres plan",
            "text": [
                "Hvis I begge fortsætter, udfylder I aftalen sammen inden for tre uger. Den siger, hvor tit I mødes, hvordan I får fat i hinanden, og hvad hver af jer forventer. At læse den højt tager en halv time og sparer jer for mange små misforståelser.",
                "Planen er menteens. Begynd med en drøm, hvor stor den end er. Spørg så: hvad ville være anderledes om et år? Det er et mål. Under hvert mål står skridt, som kan tages på få uger, med en dag ved siden af. To mål er nok. Når et er nået, så sig det til jeres koordinator, og vær stolte.",
            ],
            "points": [],
        },
        {
            "title": "At mødes godt",
            "text": ["Én gang om måneden i en time eller to er en god rytme. Det hjælper:"],
            "points": [
                "Aftal det næste møde, når I slutter det ene. Skriv det ind her, så bliver I begge mindet om det.",
                "Menteen sender to-tre punkter i forvejen: hvad der er sket, og hvad hun vil tale om.",
                "Mentoren spørger mere, end hun svarer. »Hvad har du prøvet?« fører længere end »Du skulle«.",
                "Gør noget sammen en gang imellem: besøg en arbejdsplads, hør et foredrag, øv en jobsamtale, lav mad.",
                "Skriv ned, hvad I aftaler. Fem linjer er nok.",
                "Kan du ikke komme, så sig det så tidligt, du kan, og foreslå straks en anden dag.",
                "Spørg hinanden efter tre måneder: hvad er godt, og hvad skal vi ændre?",
            ],
        },
        {
            "title": "Når I kommer fra forskellige steder",
            "text": [
                "Det, der er høfligt ét sted, er koldt eller for tæt på et andet. At komme for sent, at sige nej, at se nogen i øjnene, at tale om penge eller tro: intet af det betyder det samme overalt. Gæt ikke, hvad den anden mener. Spørg, og fortæl, hvordan det er hos dig.",
                "Ingen står for et helt land. Du har mødt ét menneske.",
            ],
            "points": [],
        },
        {
            "title": "Hvad der bliver mellem jer",
            "text": [
                "Det, I fortæller hinanden, bliver hos jer. Navne, adresser og historier gives kun videre, hvis den anden har sagt ja. Det gælder også, når jeres mentorforhold er slut.",
                "Der er én undtagelse: er nogens liv eller helbred i fare, så få hjælp, og ring til jeres koordinator.",
            ],
            "points": [],
        },
        {
            "title": "Svære øjeblikke",
            "text": [
                "De kommer i næsten alle par, og de fleste går over. Tal først med hinanden. Hjælper det ikke, eller føles det forkert, så ring til os."
            ],
            "points": [
                "I har ikke hørt fra hinanden i ugevis: skriv én venlig linje. Kommer der intet svar, så sig det til jeres koordinator. Hun spørger jer begge uden bebrejdelse.",
                "I forventer noget forskelligt: tag aftalen frem, og læs den sammen igen.",
                "Det er for meget eller for tæt på: sig, hvad du kan give, og hvad du ikke kan. Du må lukke en dør.",
                "Noget sårede dig: sig det snart og enkelt. »Da du sagde det, følte jeg mig lille.«",
                "Du er bekymret for den andens sikkerhed: bær det ikke alene. Ring til jeres koordinator samme dag.",
                "Du er bange for den anden eller blev behandlet dårligt: gå, og fortæl os det. På hver side her kan du rejse en bekymring i fortrolighed.",
            ],
        },
        {
            "title": "Hvem I ringer til",
            "text": [
                "Jeres koordinator er der for jer begge. Hendes navn og nummer står nederst på hver side her. Intet spørgsmål er for lille til hende, og hun tager ikke parti for nogen.",
                "Hun spørger jer nogle gange, hvordan det går: efter to uger og så med nogle måneders mellemrum. To sætninger er nok som svar.",
            ],
            "points": [],
        },
        {
            "title": "Afslutningen",
            "text": [
                "Efter et år slutter jeres mentorforhold, eller før, hvis I har nået det, I ville. Hver af jer kan også stoppe tidligere, med en måneds varsel og et venligt ord.",
                "Gør det sidste møde til et godt møde. Se på planen: hvad er anderledes? Hvad tager hver af jer med sig? Sig tak, og aftal, om og hvordan I holder kontakten. I udfylder en kort evaluering og vælger, hvad der kommer nu: et nyt match, selv at blive mentor eller vores invitationer og nyheder.",
            ],
            "points": [],
        },
    ],
}
MENTEES = {
    "title": "Introduktionsworkshop for mentees",
    "intro": "Tre moduler, omkring to timer med en pause. I skal bruge et rum, hvor stolene kan flyttes, papir, penne og de fem kort klippet ud, et sæt til hver gruppe.",
    "modules": [
        {
            "title": "1. Drømme og visioner",
            "aim": "Hver finder ord for det, hun vil, før nogen taler om, hvad der er muligt.",
            "steps": [
                (10, "Velkommen. Hver siger sit navn og én ting, hun er god til."),
                (
                    5,
                    "I stilhed skriver hver en side, der begynder med »Min drøm er …«. Ingen samler den ind.",
                ),
                (
                    10,
                    "To og to: læs så meget for hinanden, som I har lyst til. Den, der lytter, spørger kun: »Og hvordan ville det være?«",
                ),
                (
                    10,
                    "Sammen: hvad kunne være et første skridt, der tager en uge? De, der har lyst, siger deres.",
                ),
            ],
        },
        {
            "title": "2. Roller",
            "aim": "En mentee leder sit mentorforhold. Hvad kræver det af hende?",
            "steps": [
                (5, "Læg de fem kort frem, og læs dem højt."),
                (
                    10,
                    "I grupper på tre eller fire: hvad betyder hvert kort i et rigtigt møde? Hvilket er sværest for dig, og hvad ville hjælpe?",
                ),
                (10, "Hver gruppe viser ét kort i en lille scene: først, som det ikke skal være, så bedre."),
                (5, "Hver vælger et kort at tage med hjem."),
            ],
        },
        {
            "title": "3. Netværket",
            "aim": "Hvem der er her, hvordan det går videre, og hvad et erfarent par har oplevet.",
            "steps": [
                (
                    10,
                    "Netværket i tal (nedenfor), koordinatoren, og hvad der sker fra i dag til det sidste møde.",
                ),
                (20, "Et erfarent par svarer på de syv spørgsmål og derefter på jeres."),
                (5, "Hvad er stadig uklart? Skriv det på et kort; koordinatoren svarer inden for en uge."),
                (5, "Alle udfylder evalueringsskemaet uden navn."),
            ],
        },
    ],
    "lists": [
        {
            "title": "De fem kort: en mentee …",
            "points": [
                "… sætter dagsordenen. Hun siger i forvejen, hvad mødet skal handle om.",
                "… fortæller om sig selv og sine drømme. Ingen kan gætte dem.",
                "… sætter mål. Små nok til at nås, store nok til at betyde noget.",
                "… er opmærksom og kritisk. Hun lytter og spørger, om det er rigtigt for hende.",
                "… tager initiativ. Hun skriver, ringer og foreslår og venter ikke.",
            ],
        }
    ],
}
MENTORS = {
    "title": "Introduktionsworkshop for mentorer",
    "intro": "Fire moduler, omkring to en halv time med en pause. I skal bruge borde til grupper på tre eller fire, de seks cases trykt til hvert bord og skemaerne til aftalen og planen.",
    "modules": [
        {
            "title": "1. Møder mellem kulturer",
            "aim": "At få øje på sine egne vaner, før man dømmer andres.",
            "steps": [
                (10, "Velkommen. Hver siger sit navn, og hvor hun selv engang var fremmed."),
                (10, "To og to: hvad lærte din familie dig om tid, om at sige nej, om at bede om hjælp?"),
                (
                    10,
                    "Sammen: hvor kunne det føre til en misforståelse med en mentee? Hvordan ville du spørge?",
                ),
            ],
        },
        {
            "title": "2. Dilemmaer og løsninger",
            "aim": "At have tænkt over svære øjeblikke, før de kommer.",
            "steps": [
                (
                    20,
                    "I grupper på tre eller fire: vælg mindst to af de seks cases. Hvad ser I? Hvad ville I sige, ord for ord? Hvem ville I ringe til?",
                ),
                (
                    15,
                    "Hver gruppe fortæller én case, og hvad den ville gøre. Koordinatoren siger, hvad hun gerne vil ringes op om.",
                ),
            ],
        },
        {
            "title": "3. Redskaber",
            "aim": "At have haft aftalen og planen i hænderne.",
            "steps": [
                (10, "Koordinatoren gennemgår aftalen og planen med et eksempel."),
                (
                    15,
                    "To og to: spil en mentor og en mentee, der udfylder begge dele sammen. Byt roller efter halvdelen af tiden.",
                ),
                (10, "Hvad var let at spørge om, og hvad var svært? Hvilke spørgsmål åbnede noget?"),
            ],
        },
        {
            "title": "4. Om netværket",
            "aim": "Hvem der er her, hvordan det går videre, og hvad et erfarent par har oplevet.",
            "steps": [
                (
                    10,
                    "Netværket i tal (nedenfor), koordinatoren, og hvad der sker fra i dag til det sidste møde.",
                ),
                (20, "Et erfarent par svarer på de syv spørgsmål og derefter på jeres."),
                (5, "Alle udfylder evalueringsskemaet uden navn."),
            ],
        },
    ],
    "lists": [
        {
            "title": "Seks cases",
            "points": [
                "Lina har aflyst tre møder, hver gang en time før. Hendes beskeder er varme og fulde af undskyldninger. Du er begyndt at holde de aftener fri til ingen nytte.",
                "Samira beder dig gå med til et kontor, hvor et brev om hendes ophold skal forklares. Du kender ikke loven, og hun stoler ikke på andre.",
                "Hver gang I mødes, taler Mariam om sin mands gæld. I taler ikke om andet mere. I dag spørger hun, om du kan låne hende et lille beløb til fredag.",
                "Du fandt en praktikplads til Hana hos en ven. Hun mødte ikke op og sagde det ikke til dig. Du hørte det fra din ven.",
                "Din mentee er enig i alt, hvad du foreslår, og gør intet af det. Du lægger mærke til, at du forbereder hvert møde og taler det meste af tiden.",
                "Rosa har et blåt mærke på armen og ser væk, når du spørger. Hun siger, at ingen må vide, at hun mødes med dig.",
            ],
        }
    ],
}
QUESTIONS = {
    "title": "Syv spørgsmål til et erfarent par",
    "points": [
        "Hvordan var jeres første møde, og hvad tænkte I på vej hjem?",
        "Hvad aftalte I, som viste sig at være godt?",
        "Hvad gjorde I ved jeres møder ud over at tale?",
        "Hvilket øjeblik var svært, og hvordan kom I igennem det?",
        "Hvad lærte menteen, som hun ikke havde ventet?",
        "Hvad lærte mentoren, som hun ikke havde ventet?",
        "Hvad ville I gøre anderledes, hvis I begyndte igen i dag?",
    ],
}
