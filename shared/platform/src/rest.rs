//! What the routes did not read of a request's body.

use bytes::Bytes;
use futures::future::{LocalBoxFuture, select};
use mostek_ports::{ByteStream, ReadError};
use std::cell::RefCell;
use std::future::Future;
use std::pin::pin;
use std::rc::Rc;

/// Bytes that are read at most only so that they are read: more than the largest form that anybody sends by mistake, so that
/// whoever attached too much is told so.
pub(crate) const REST_LIMIT: usize = 64 << 20;

/// A body that the routes read, and of which whoever handed it to them can read the rest.
#[derive(Clone)]
pub(crate) struct Shared(Rc<RefCell<Option<Box<dyn ByteStream>>>>);

impl Shared {
    pub(crate) fn new(body: impl ByteStream + 'static) -> Self {
        Self(Rc::new(RefCell::new(Some(Box::new(body)))))
    }
}

impl ByteStream for Shared {
    /// The body is out of its place while it is waited for. Whoever gives up waiting loses the rest with it, since what
    /// was under way at the engine cannot be taken up again.
    fn next(&mut self) -> LocalBoxFuture<'_, Option<Result<Bytes, ReadError>>> {
        Box::pin(async move {
            let mut body = self.0.replace(None)?;
            let piece = body.next().await;
            if matches!(piece, Some(Ok(_))) {
                self.0.replace(Some(body));
            }
            piece
        })
    }
}

/// Reads what is left of a body to its end, but no more than [`REST_LIMIT`] bytes and not after `time` is up.
pub(crate) async fn drain(mut body: impl ByteStream, time: impl Future<Output = ()>) {
    let reading = async {
        let mut read = 0usize;
        while let Some(Ok(piece)) = body.next().await {
            read = read.saturating_add(piece.len());
            if read > REST_LIMIT {
                break;
            }
        }
    };
    select(pin!(reading), pin!(time)).await;
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::executor::block_on;
    use futures::future::{pending, ready};
    use mostek_ports::read_capped;
    use std::cell::Cell;

    /// Pieces of 1,000 bytes; counts those that were taken.
    struct Pieces {
        left: usize,
        taken: Rc<Cell<usize>>,
    }

    impl Pieces {
        fn counted(left: usize) -> (Shared, Rc<Cell<usize>>) {
            let taken = Rc::new(Cell::new(0));
            (Shared::new(Self { left, taken: taken.clone() }), taken)
        }
    }

    impl ByteStream for Pieces {
        fn next(&mut self) -> LocalBoxFuture<'_, Option<Result<Bytes, ReadError>>> {
            Box::pin(async move {
                self.left = self.left.checked_sub(1)?;
                self.taken.set(self.taken.get() + 1);
                Some(Ok(Bytes::from(vec![0; 1_000])))
            })
        }
    }

    struct Stuck;

    impl ByteStream for Stuck {
        fn next(&mut self) -> LocalBoxFuture<'_, Option<Result<Bytes, ReadError>>> {
            Box::pin(pending())
        }
    }

    #[test]
    fn what_the_routes_left_is_read_to_its_end() {
        let (body, taken) = Pieces::counted(20);
        let mut of_routes: Box<dyn ByteStream> = Box::new(body.clone());
        assert!(block_on(read_capped(of_routes.as_mut(), 3_500)).is_err());
        drop(of_routes);
        assert_eq!(taken.get(), 4);
        block_on(drain(body, pending()));
        assert_eq!(taken.get(), 20);
    }

    #[test]
    fn nothing_is_left_of_a_body_that_was_read() {
        let (body, taken) = Pieces::counted(3);
        assert_eq!(block_on(read_capped(&mut body.clone(), 10_000)).unwrap().len(), 3_000);
        block_on(drain(body, pending()));
        assert_eq!(taken.get(), 3);
    }

    #[test]
    fn a_rest_without_end_is_read_up_to_the_limit() {
        let (body, taken) = Pieces::counted(usize::MAX);
        block_on(drain(body, pending()));
        assert_eq!(taken.get(), REST_LIMIT / 1_000 + 1);
    }

    #[test]
    fn a_client_that_stops_sending_is_not_waited_for() {
        block_on(drain(Shared::new(Stuck), ready(())));
    }
}
