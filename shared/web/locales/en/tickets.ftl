# Tickets: merging, tags, priority, views, shortcuts.
tickets-merge = Merge into another ticket
tickets-merge-about = This ticket's conversation will be worked on there. It can be undone.
tickets-merge-into = The other ticket's number
tickets-merge-do = Merge
tickets-merge-unknown = There is no ticket with this number.
tickets-merged = The tickets are merged.
tickets-part = Undo the merging
tickets-parted = The merging is undone.
tickets-is-merged = This ticket was merged into another. It goes on in:
tickets-is-followed = The customer wrote long after this ticket was closed. It goes on in:
tickets-follows = Follows ticket:
tickets-has-merged = Merged into this one:
tickets-tag-of = ticket { $number }
tickets-conversation = Conversation
tickets-event-continues = Goes on in ticket { $number }
tickets-event-parted = The merging was undone
tickets-event-released = Another ticket's conversation left this one
