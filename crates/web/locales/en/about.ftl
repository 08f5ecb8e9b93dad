# Beside the report.
access-title = Accessibility
access-intro = Everyone must be able to report a problem and follow what happens.
access-standard = These pages follow the Web Content Accessibility Guidelines (WCAG) 2.2, level AA, and Section 508.
access-ways = They work with a keyboard, with a screen reader, and without scripts.
access-size = You can enlarge the text to 400 % and use a dark theme. There is no time limit.
access-language = They are in English and Spanish.
access-other = Other ways to report
access-other-ways = You can call, use relay service 711, print a paper form, or tell your security officer in person.
access-trouble = Something doesn’t work for you?
access-trouble-do = Tell us what you tried to do. We will answer and help you another way in the meantime.
access-tested = Last tested { $date }
poster-title = Something wrong? Tell us.
