"""
The names that coordinators give their columns, by field, in the languages that have met us so far.

Written as `writing.fold` leaves them: small letters, no accents, no
punctuation. The first names are the usual ones; what stands in brackets of a
header counts less than what stands before.
"""

from tenants.registration.roster.fields import Field
from tenants.registration.roster.writing import fold

_NAMES: dict[Field, str] = {
    Field.FULL_NAME: """full name | name | complete name | participant | person | name and surname | first and last name |
        nom complet | nom et prénom | prénom et nom | nom prénom | participante | الاسم الكامل | الاسم | الاسم واللقب |
        nombre completo | nombre y apellidos | nombre y apellido | полное имя | фио | ф и о | имя и фамилия | fulde navn | navn | hele navn | for og efternavn | fornavn og efternavn | deltager |
        vollständiger name | vor und nachname | name vorname | ime i prezime | puno ime | prezime i ime | nome completo | nome e cognome |
        ad soyad | 姓名 | imię i nazwisko | повне ім'я | піб | nama lengkap | jina kamili | volledige naam | nume complet""",
    Field.GIVEN_NAME: """first name | given name | forename | prénom | prénoms | الاسم الأول | nombre | nombres | имя | fornavn |
        vorname | ime | primeiro nome | ad | 名""",
    Field.FAMILY_NAME: """last name | surname | family name | nom | nom de famille | اللقب | اسم العائلة | apellido | apellidos |
        фамилия | efternavn | nachname | familienname | prezime | sobrenome | soyad | 姓""",
    Field.EMAIL: """e-mail | email | e-mail address | email address | mail | work e-mail | courriel | adresse électronique |
        adresse e-mail | adresse mail | adresse courriel | البريد الإلكتروني | بريد إلكتروني | الإيميل | correo electrónico | correo | correo e |
        электронная почта | эл почта | почта | адрес электронной почты | e-mailadresse | mailadresse | e-postadresse |
        e-mail-adresse | e-pošta | elektronska pošta | adresa e-pošte | email adresa | endereço de e-mail | e-posta | 电子邮件 | 邮箱 | indirizzo e-mail | barua pepe""",
    Field.ROLE: """i want to be | role | mentor or mentee | mentor mentee | i would like to be | participation | participate as | register as |
        rôle | je souhaite être | mentor ou mentorée | الدور | دور | أرغب أن أكون | rol | papel | quiero ser | función en el programa | роль |
        хочу быть | rolle | jeg vil være | jeg vil gerne være | mentor eller mentee | deltager som | tilmeldt som | ich möchte sein | ich möchte ... sein | uloga | želim biti | função | rol in het programma | 角色""",
    Field.ORGANISATION_UNIT: """organisation | organization | entity | office | duty station office | agency | affiliation | unit | department |
        division | chapter | branch | employer | entité | organisme | bureau | agence | unité | service | département | chambre |
        المنظمة | المكتب | الجهة | الوحدة | المؤسسة | organización | entidad | oficina | unidad | departamento | организация | офис | подразделение | отдел |
        kontor | afdeling | enhed | organisationsenhed | organisation eller kontor | arbejdsplads | arbejdssted | arbejdsgiver | lokalafdeling | büro | abteilung | dienststelle | organizacija | ured | kancelarija | jedinica | odjel | ustanova |
        organização | escritório | 组织 | 办公室""",
    Field.GRADE: """grade | level | grade level | rank | seniority | grade or rank | niveau | échelon | الدرجة | الرتبة | المستوى | grado | nivel |
        categoría | уровень | разряд | класс | звание | stillingsniveau | trin | løngruppe | løntrin | niveau eller løngruppe | besoldungsgruppe | stufe | dienstgrad | nivo | čin | razina | zvanje | categoria | 职等""",
    Field.GENDER: """gender | sex | genre | sexe | الجنس | النوع | النوع الاجتماعي | género | sexo | пол | køn | geschlecht | spol | gênero | cinsiyet | 性别""",
    Field.TIME_ZONE: """time zone | timezone | tz | local time zone | fuseau horaire | fuseau | المنطقة الزمنية | التوقيت | zona horaria | huso horario |
        часовой пояс | tidszone | zeitzone | vremenska zona | fuso horário | saat dilimi | 时区""",
    Field.LANGUAGES: """languages | language | languages spoken | language skills | working languages | spoken languages | langues | langue |
        langues parlées | langues de travail | اللغات | اللغة | لغات العمل | idiomas | idioma | lenguas | языки | язык | владение языками | sprog | talte sprog | sprog du taler | sprogkundskaber | arbejdssprog | sprachen |
        sprachkenntnisse | jezici | jezik | strani jezici | línguas | diller | 语言""",
    Field.TOPICS_OFFERED: """topics i can cover | topics offered | i can offer | can help with | expertise | areas of expertise | i can mentor on |
        offers | thèmes proposés | thèmes offerts | sujets proposés | domaines d'expertise | je peux aider | المواضيع المعروضة | مجالات الخبرة |
        المواضيع التي أستطيع تغطيتها | temas que ofrezco | temas ofrecidos | áreas de experiencia | предлагаемые темы | темы которые могу предложить | области знаний |
        emner jeg kan hjælpe med | emner jeg kan dække | emner der tilbydes | emner tilbudt | jeg kan tilbyde | kan hjælpe med | kompetencer | angebotene themen | fachgebiete | teme koje nudim | ponuđene teme | oblasti stručnosti | temas oferecidos""",
    Field.TOPICS_WANTED: """topics i want support on | topics wanted | i need help with | wants | support wanted | goals | learning goals | i want to learn |
        topics of interest | thèmes souhaités | sujets souhaités | besoins | objectifs | المواضيع المطلوبة | المواضيع التي أرغب فيها | الأهداف |
        temas deseados | temas que necesito | necesito apoyo en | желаемые темы | темы для поддержки | цели | ønskede emner | emner der ønskes | emner jeg ønsker hjælp til | emner jeg ønsker støtte til | jeg ønsker støtte til | læringsmål |
        gewünschte themen | teme koje želim | željene teme | ciljevi | temas desejados""",
    Field.MODE: """individual group or both | individual or group | mode | format | kind of mentoring | one to one or group | mentoring format | modalité |
        individuel ou groupe | forme | النمط | فردي أو جماعي | الشكل | modalidad | individual o grupal | форма | формат | индивидуально или в группе |
        individuelt eller gruppe | individuelt eller i gruppe | i et par eller i en gruppe | par eller gruppe | mentorform | einzeln oder gruppe | način | individualno ili grupno | oblik | modalidade""",
    Field.CAPACITY: """how many mentees | number of mentees | capacity | places | max mentees | maximum number of mentees | capacité | nombre de mentorés |
        nombre de places | السعة | عدد المتدربين | capacidad | número de mentees | plazas | вместимость | количество подопечных | сколько подопечных |
        antal mentees | antal menteer | hvor mange menteer | hvor mange mentees | antal pladser | pladser | kapacitet | kapazität | anzahl mentees | kapacitet | koliko mentija | broj mentija | capacidade""",
    Field.EXPERIENCE_YEARS: """years of experience | experience | experience in years | years of service | years | années d'expérience | ancienneté | expérience |
        سنوات الخبرة | الخبرة | años de experiencia | experiencia | опыт | стаж | лет опыта | опыт работы | års erfaring | erfaring | erfaring i år | års arbejde | års arbejdserfaring | arbejdserfaring | anciennitet | jahre erfahrung |
        berufserfahrung | godine iskustva | iskustvo | godine staža | anos de experiência""",
    Field.MOTIVATION: """motivation | why | why do you want to take part | reason | about me | introduction | lettre de motivation | pourquoi | الدافع |
        لماذا | الدوافع | motivación | por qué | мотивация | почему | motivacija | begründung | warum | hvorfor | hvorfor vil du deltage | hvorfor vil du gerne deltage | begrundelse | om mig | motivação""",
    Field.PHONE: """telephone | phone | phone number | telephone number | mobile | mobile phone | cell | whatsapp | téléphone | numéro de téléphone | portable |
        الهاتف | رقم الهاتف | الجوال | teléfono | número de teléfono | móvil | celular | телефон | номер телефона | мобильный | telefon | telefonnummer | mobil | mobilnummer | mobiltelefon |
        handy | broj telefona | mobitel | telefone | 电话""",
    Field.SUPERVISOR_EMAIL: """supervisor s e mail | supervisor | supervisor email | line manager | manager | first reporting officer | supérieur | supérieur hiérarchique |
        courriel du supérieur | responsable hiérarchique | المشرف | بريد المشرف | المدير المباشر | supervisor correo | superior | jefe | correo del supervisor |
        руководитель | начальник | почта руководителя | leder | nærmeste leder | leders e-mail | leders e-mailadresse | chef | vorgesetzte | vorgesetzter | e-mail der vorgesetzten | nadređeni |
        rukovodilac | e-mail nadređenog | supervisor e-mail""",
    Field.EXCLUSIONS: """please do not match me with | exclusions | do not match with | not with | exclude | conflicts of interest | ne pas m'associer avec |
        à exclure | لا أرغب في | الاستثناءات | no emparejar con | exclusiones | исключения | не назначать | ikke sammen med | match mig ikke med | skal ikke matches med | personer der skal holdes fra hinanden | udelukkelser | nicht mit | ausschlüsse |
        ne želim sa | izuzeci | isključenja | exclusões""",
    Field.DATE: """date | date of registration | registered on | registration date | timestamp | submitted | date d'inscription | horodateur | تاريخ التسجيل | التاريخ |
        fecha | fecha de inscripción | marca temporal | дата | дата регистрации | отметка времени | dato | tilmeldingsdato | dato for tilmelding | tilmeldt den | tidsstempel | datum | anmeldedatum | zeitstempel |
        datum prijave | datum registracije | data de inscrição""",
    Field.REGION: """region | country | location | duty station | city | place | région | pays | lieu | lieu d'affectation | ville | المنطقة | البلد | المدينة |
        región | país | lugar | ciudad | регион | страна | город | место работы | land | by | kommune | sted | landsdel | tjenestested | ort | stadt | dienstort | regija | država | zemlja | grad |
        mjesto | região""",
    Field.SECTOR: """sector | field | field of work | industry | profession | occupation | secteur | domaine | profession actuelle | القطاع | المجال | المهنة |
        sector profesional | profesión | сектор | отрасль | сфера | профессия | sektor | branche | fag | arbejdsfelt | erhverv | fagområde | stilling | beruf | bereich | oblast | djelatnost | struka | setor""",
}

KNOWN: dict[str, Field] = {}
for _field, _text in _NAMES.items():
    for _name in _text.split("|"):
        # What one language calls a field may be another field elsewhere; the order of `Field` decides.
        KNOWN.setdefault(fold(_name), _field)
