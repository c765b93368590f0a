"""What each step of setting a network up is called, why it is there, and what it asks."""

from collections.abc import Mapping
from dataclasses import dataclass

from infra.language import N_
from tenants.programmes.set_up_models import Step


@dataclass(frozen=True, slots=True)
class Words:
    """Marked, not yet translated."""

    title: str
    why: str
    asks: tuple[str, ...]


WORDS: Mapping[Step, Words] = {
    Step.AIM: Words(
        N_("The aim"),
        N_("A network that knows what it is for is easier to explain, to join and to measure. One or two sentences are enough, if everybody who works on it would write the same ones."),
        (
            N_("What will be different for the people who take part, one year from now?"),
            N_("What will be different for your organisation, and for the place where you work?"),
            N_("What will the network not do?"),
        ),
    ),
    Step.AUDIENCE: Words(
        N_("What the people need for whom it is made"),
        N_("You may know them well. Ask them all the same: what they say is often not what you expected, and whoever was asked is more likely to come."),
        (
            N_("Who are they, how many, and where do they live?"),
            N_("What stands between them and work, learning or public life?"),
            N_("How do you know: whom have you asked, and what have others found out?"),
        ),
    ),
    Step.MENTORS: Words(
        N_("Possible mentors"),
        N_("Mentors are volunteers. They come because somebody they trust asks them, and they stay because they learn something themselves."),
        (
            N_("Who has been where your mentees want to go?"),
            N_("Where do you find them: employers, associations, universities, those who were mentees once?"),
            N_("What do they gain, and how much of their time do you ask for?"),
        ),
    ),
    Step.MENTEES: Words(
        N_("Possible mentees"),
        N_("Think of those who would gain most and are heard of least. They may read no e-mail, or speak none of the usual languages."),
        (
            N_("How do they hear of you, and from whom?"),
            N_("Who cannot register alone, and who helps her?"),
            N_("What do you say to those for whom there is no place yet?"),
        ),
    ),
    Step.MENTEE_NEEDS: Words(
        N_("How you learn what a mentee needs"),
        N_("The match follows the mentee's needs. The form asks for facts; the talk finds out what lies behind them."),
        (
            N_("What does the form ask, and what only the talk?"),
            N_("Who leads the talks, in which languages, and where can one speak in confidence?"),
            N_("What happens when somebody needs other help than a mentor?"),
        ),
    ),
    Step.MENTOR_SKILLS: Words(
        N_("What a mentor brings along"),
        N_("A good mentor listens and asks. She need not be an expert in everything, and should know what is not hers to solve."),
        (
            N_("Which experience do your mentees ask for?"),
            N_("Which qualities do you look for in the talk?"),
            N_("Whom would you rather not take, and how do you say so?"),
        ),
    ),
    Step.MATCHING: Words(
        N_("How you match"),
        N_("Likeness counts more than difference: a shared line of work, a shared experience. Say what matters before you see names."),
        (
            N_("What must hold for every pair?"),
            N_("What counts a lot, some, a little?"),
            N_("Who looks at the proposals before they go out?"),
        ),
    ),
    Step.SUPPORT: Words(
        N_("Information, support, and help in conflicts"),
        N_("Both sides should know whom to call before they need to. A conflict that is spoken of early is mostly a small one."),
        (
            N_("Who is there for a pair, by name, and how soon does she answer?"),
            N_("What do mentors and mentees get to read at the beginning?"),
            N_("What do you do when two do not get on: who talks with whom, in which order?"),
        ),
    ),
    Step.TRAINING: Words(
        N_("Workshops and training"),
        N_("Mentees and mentors prepare in workshops of their own. A morning each is enough, and people get to know each other there."),
        (
            N_("What is practised in the mentees' workshop, and what in the mentors'?"),
            N_("Who leads them, and who of your experienced pairs comes along?"),
            N_("What do your coordinators have to learn first?"),
        ),
    ),
    Step.MEASURES: Words(
        N_("What you measure, and how"),
        N_("Choose few numbers that you will really look at: how many pairs begin, how many stay to the end, what they say of it. Whether somebody finds work depends on much else."),
        (
            N_("Which numbers show that you are getting to your aim?"),
            N_("When do you ask mentors and mentees, and who reads what they say?"),
            N_("To whom do you report, and how often?"),
        ),
    ),
    Step.TIMELINE: Words(
        N_("The time-line"),
        N_("From the call to the first meeting it takes about two months, and the first pairs need a whole year. Begin small: a dozen pairs teach you most of what you have to know."),
        (
            N_("When can people register, when are they matched, when do they begin?"),
            N_("What has to be there by when, and who sees to it?"),
        ),
    ),
    Step.BUDGET: Words(
        N_("The budget"),
        N_("Most of the cost is the coordinators' time. One who knows her people cares for up to 80 pairs a year; two of them can stand in for each other."),
        (
            N_("How many hours a week do your coordinators have?"),
            N_("What do rooms, travel, interpreting and child care cost?"),
            N_("Who pays, and for how long is that certain?"),
        ),
    ),
    Step.LOGISTICS: Words(
        N_("Privacy, technology and how you speak to people"),
        N_("People trust you with what they tell few others. And they can only take part in what reaches them."),
        (
            N_("Who may read what, how long is it kept, and have you asked whoever guards data protection?"),
            N_("Is the internet stable where your people are, and do most of them have e-mail?"),
            N_("Which channels do you use, in which languages, and who answers?"),
        ),
    ),
    Step.STAKEHOLDERS: Words(
        N_("Support from those who count"),
        N_("A network lives longer when others want it to: those who decide, those who pay, and those who could feel that it is done without them."),
        (
            N_("Who has to say yes, and who has to know?"),
            N_("Who speaks for the network in public?"),
            N_("What do partners give, and what do they get?"),
        ),
    ),
}  # fmt: skip
