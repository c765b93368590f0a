from mentorweave.cli import main

main()
