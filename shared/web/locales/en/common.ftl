# Texts that every page shares.
common-time-now = now
common-time-minutes-ago = { $count } min ago
common-time-in-minutes = in { $count } min
common-time-hours-ago = { $count } h ago
common-time-in-hours = in { $count } h
common-time-yesterday = yesterday, { $time }
common-time-tomorrow = tomorrow, { $time }
common-time-days-ago =
    { $count ->
        [one] { $count } day ago
       *[other] { $count } days ago
    }
common-time-in-days =
    { $count ->
        [one] in { $count } day
       *[other] in { $count } days
    }

common-skip = Skip to content
common-nav = Main navigation
common-crumbs = Breadcrumbs
common-nav-dashboard = Dashboard
common-nav-tickets = Tickets
common-nav-customers = Customers
common-nav-companies = Companies
common-nav-employees = Employees
common-nav-settings = Settings
common-nav-audit = Audit log
common-company = Company
common-company-switch = Switch
common-language = Language
common-theme = Appearance
common-theme-auto = System
common-theme-light = Light
common-theme-dark = Dark
common-account = My account
common-sign-out = Sign out
common-administrator = Administrator
common-close = Close
common-cancel = Cancel
common-save = Save
common-delete = Delete
common-edit = Edit
common-back = Back
common-add = Add
common-search = Search
common-filter = Filter
common-filter-clear = Clear filters
common-filter-any = All
common-yes = Yes
common-no = No
common-none = none
common-optional = (optional)
common-pager = Pages of the list
common-pager-first = First page
common-pager-next = Next page
common-saved = Saved.
common-deleted = Deleted.
common-irreversible = This cannot be undone.
common-author-customer = Customer
common-author-us = Our reply
common-author-shop = Reply from the shop panel
common-author-operator = Marketplace operator
common-author-internal = Internal comment – the customer does not see it
common-author-system = System note
