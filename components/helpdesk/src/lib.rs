//! The helpdesk component.
