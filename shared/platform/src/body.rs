//! Bodies between the engine's streams and [`ByteStream`].

use crate::error_code::plain;
use bytes::Bytes;
use futures::future::LocalBoxFuture;
use mostek_ports::{ByteStream, ReadError};
use spin_sdk::wasip3::http::types::{ErrorCode, Fields, Request, Response};
use spin_sdk::wasip3::wit_bindgen::{FutureReader, FutureWriter, StreamReader, StreamResult, spawn};
use spin_sdk::wasip3::{wit_future, wit_stream};
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::Poll;

/// How much is asked for at once when a body is read, in bytes.
const PIECE: usize = 16 * 1024;

/// How a body ended: with trailers (ours have none), or broken off.
pub(crate) type End = Result<Option<Fields>, ErrorCode>;

/// A body that comes in from the engine.
pub(crate) enum WireBody {
    /// Not asked for yet: most requests have no body, and then nothing is opened.
    Unread(Request),
    /// Being read.
    Open {
        /// The bytes.
        pieces: StreamReader<u8>,
        /// Whether they were all.
        end: FutureReader<End>,
        /// Tells the engine how we got on; says "well" when it is dropped.
        _verdict: FutureWriter<Result<(), ErrorCode>>,
    },
    /// Read to its end, or broken.
    Done,
}

impl WireBody {
    /// The body of a request to us.
    pub(crate) fn of_request(request: Request) -> Self {
        Self::Unread(request)
    }

    /// The body of an answer to us.
    pub(crate) fn of_response(response: Response) -> Self {
        let (verdict, reader) = wit_future::new(|| Ok(()));
        let (pieces, end) = Response::consume_body(response, reader);
        Self::Open { pieces, end, _verdict: verdict }
    }

    fn opened(self) -> Self {
        let Self::Unread(request) = self else { return self };
        let (verdict, reader) = wit_future::new(|| Ok(()));
        let (pieces, end) = Request::consume_body(request, reader);
        Self::Open { pieces, end, _verdict: verdict }
    }
}

impl ByteStream for WireBody {
    fn next(&mut self) -> LocalBoxFuture<'_, Option<Result<Bytes, ReadError>>> {
        Box::pin(async move {
            *self = std::mem::replace(self, Self::Done).opened();
            let Self::Open { pieces, .. } = self else { return None };
            loop {
                let (result, piece) = pieces.read(Vec::with_capacity(PIECE)).await;
                if !piece.is_empty() {
                    return Some(Ok(Bytes::from(piece)));
                }
                // An empty piece is not the end: a writer may look whether somebody reads.
                if !matches!(result, StreamResult::Complete(_)) {
                    break;
                }
            }
            let Self::Open { end, .. } = std::mem::replace(self, Self::Done) else { return None };
            match end.await {
                Ok(_) => None,
                Err(e) => Some(Err(ReadError::Broken(plain(&e)))),
            }
        })
    }
}

/// An end that was already reached, for a body that is whole or absent.
pub(crate) fn whole() -> FutureReader<End> {
    let (_, end) = wit_future::new(|| Ok(None));
    end
}

/// Makes a stream of bytes that are all here; `None` if there are none.
///
/// The first write is made before this comes back, so that the engine finds the body ready when it gets the head, and
/// both can leave in one packet. The rest is written as the other side takes it.
pub(crate) async fn of_bytes(bytes: Bytes) -> Option<StreamReader<u8>> {
    if bytes.is_empty() {
        return None;
    }
    let (mut writer, reader) = wit_stream::new();
    let mut writing = Box::pin(async move {
        // What is left over was not wanted: the other side hung up.
        let _ = writer.write_all(bytes.into()).await;
    });
    if !begun(writing.as_mut()).await {
        spawn(writing);
    }
    Some(reader)
}

/// Polls a future once; whether it is done already.
async fn begun(mut work: Pin<&mut impl Future<Output = ()>>) -> bool {
    poll_fn(|cx| Poll::Ready(work.as_mut().poll(cx).is_ready())).await
}

/// Makes a stream that hands `body` through as it comes, after the handler has returned too. If it breaks off, the end
/// says so and `report` is told; if the other side hangs up, `body` is dropped.
pub(crate) fn of_stream(
    mut body: Box<dyn ByteStream>,
    report: impl FnOnce(&ReadError) + 'static,
) -> (StreamReader<u8>, FutureReader<End>) {
    let (mut writer, reader) = wit_stream::new();
    let (verdict, end) = wit_future::new(|| Err(ErrorCode::HttpResponseIncomplete));
    spawn(async move {
        loop {
            match body.next().await {
                Some(Ok(piece)) => {
                    if !writer.write_all(piece.into()).await.is_empty() {
                        return;
                    }
                }
                Some(Err(e)) => {
                    report(&e);
                    return;
                }
                None => break,
            }
        }
        drop(writer);
        // An error here only says that nobody waits for the end any more.
        let _ = verdict.write(Ok(None)).await;
    });
    (reader, end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    #[test]
    fn an_empty_body_needs_no_stream() {
        assert!(futures::executor::block_on(of_bytes(Bytes::new())).is_none());
    }

    #[test]
    fn work_is_begun_but_not_waited_for() {
        let started = Cell::new(false);
        let mut work = Box::pin(async {
            started.set(true);
            futures::future::pending::<()>().await;
        });
        assert!(!futures::executor::block_on(begun(work.as_mut())));
        assert!(started.get());
        let mut short = Box::pin(async {});
        assert!(futures::executor::block_on(begun(short.as_mut())));
    }
}
