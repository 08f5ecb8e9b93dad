//! Reads what a page of ours posts: fields, and files that stream into the file folder. Every number is bounded, and
//! whatever is wrong with a file leaves the typed text as it was.

use super::{Intake, asked::Asked, sizes, urlencoded};
use crate::screens::public::mend::Mend;
use app::draft::Fields;
use app::files::{Upload, UploadStopped};
use app::limits::Counted;
use app::{FileOwner, Trouble};
use axum::{
    body::{Body, BodyDataStream},
    extract::{FromRequest, Multipart, Request, multipart::Field},
    http::header,
};
use bytes::Bytes;
use domain::ids::TenantId;
use domain::report::FileAdded;
use futures::{Stream, StreamExt};
use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};
use tokio::sync::OwnedSemaphorePermit;

/// Fields of one form.
const MOST_FIELDS: usize = 4_000;
/// Text beyond this many bytes counts as long.
const LONG: usize = 256 * 1024;
/// How long a long text waits for its turn.
const TURN: Duration = Duration::from_secs(20);
/// Bytes handed on at a time.
const PIECE: usize = 64 * 1024;
/// Bytes that may pass between two signs of progress: what a part's headers could otherwise grow to.
const AHEAD: u64 = 1024 * 1024;

/// A form that was read.
#[derive(Debug, Default)]
pub struct Posted {
    /// The fields in their order.
    pub fields: Fields,
    /// Files that have arrived.
    pub files: Vec<FileAdded>,
    /// What was wrong with other files.
    pub problems: Vec<Mend>,
}

impl Posted {
    /// Takes a field out.
    pub fn take(&mut self, name: &str) -> Option<String> {
        let at = self.fields.iter().position(|(field, _)| field == name)?;
        Some(self.fields.remove(at).1)
    }
}

/// Why a form was not read.
#[derive(Debug)]
pub enum Unread {
    /// It is no form.
    Unreadable,
    /// It holds more text or more bytes than are taken.
    TooLarge(String),
    /// Something broke, or it has to wait.
    Trouble(Trouble),
}

/// Where files of a form go.
pub struct FilePlace {
    /// The agency.
    pub tenant: TenantId,
    /// What they belong to.
    pub owner: FileOwner,
    /// How many more fit.
    pub room: usize,
}

/// Takes the text of a form before its files are read, so that a line that breaks in a large file loses no words.
pub type BeforeFiles<'a> = &'a mut (dyn FnMut(&Fields) -> Pin<Box<dyn Future<Output = ()> + Send>> + Send);

impl Intake {
    /// Reads a form of fields alone.
    pub async fn read_fields(&self, request: Request) -> Result<Posted, Unread> {
        if boundary(&request) {
            // A program may send any form as parts; files that no page asks for are passed over.
            return self.read_parts(request, None, None, &mut |_| Box::pin(async {})).await;
        }
        if !is(&request, "application/x-www-form-urlencoded") {
            return Err(Unread::Unreadable);
        }
        // An escape is three bytes for one.
        let most = self.app.settings().limits.text * 3;
        let mut turn = self.turn_for(length(&request).unwrap_or(0)).await?;
        let mut stream = request.into_body().into_data_stream();
        let mut body = Vec::new();
        while let Some(piece) = stream.next().await {
            let piece = piece.map_err(|_| Unread::Unreadable)?;
            if body.len() + piece.len() > most {
                return Err(self.too_large());
            }
            if turn.is_none() {
                turn = self.turn_for(body.len() + piece.len()).await?;
            }
            body.extend_from_slice(&piece);
        }
        let fields = urlencoded::fields(&body);
        drop(body);
        if fields.iter().map(|(name, value)| name.len() + value.len()).sum::<usize>() > self.app.settings().limits.text
        {
            return Err(self.too_large());
        }
        Ok(Posted { fields, ..Posted::default() })
    }

    /// Reads a form that may hold files. `before_files` is given the fields that came before the first file.
    pub async fn read_with_files(
        &self,
        asked: &Asked,
        request: Request,
        place: FilePlace,
        before_files: BeforeFiles<'_>,
    ) -> Result<Posted, Unread> {
        if boundary(&request) {
            self.read_parts(request, Some(asked), Some(place), before_files).await
        } else {
            self.read_fields(request).await
        }
    }

    /// Reads a form of files from somebody who is known, and whose networks are not counted.
    pub async fn read_files(&self, request: Request, place: FilePlace) -> Result<Posted, Unread> {
        self.read_parts(request, None, Some(place), &mut |_| Box::pin(async {})).await
    }

    async fn read_parts(
        &self,
        request: Request,
        asked: Option<&Asked>,
        mut place: Option<FilePlace>,
        before_files: BeforeFiles<'_>,
    ) -> Result<Posted, Unread> {
        let files = place.as_ref().map_or(0, |place| place.room as u64 + 1);
        let most =
            files.saturating_mul(self.app.settings().file_limit) + self.app.settings().limits.text as u64 + AHEAD;
        if length(&request).is_some_and(|length| length as u64 > most) && place.is_none() {
            return Err(self.too_large());
        }
        let progress = Progress::default();
        let (parts, body) = request.into_parts();
        let paced = Paced::new(body, progress.clone(), most);
        let request = Request::from_parts(parts, Body::from_stream(paced));
        let mut parts = Multipart::from_request(request, &()).await.map_err(|_| Unread::Unreadable)?;
        let mut posted = Posted::default();
        let (mut text, mut turn) = (0, None);
        let mut files_began = false;
        loop {
            progress.made();
            let field = match parts.next_field().await {
                Ok(Some(field)) => field,
                Ok(None) => return Ok(posted),
                // Cut off or malformed after something arrived: what arrived is kept and shown.
                Err(_) if posted.fields.is_empty() && posted.files.is_empty() && posted.problems.is_empty() => {
                    return Err(Unread::Unreadable);
                }
                Err(_) => {
                    posted.problems.push(Mend::CutShort);
                    return Ok(posted);
                }
            };
            match field.file_name().map(str::to_owned) {
                Some(name) => {
                    if !files_began && !name.is_empty() {
                        files_began = true;
                        before_files(&posted.fields).await;
                    }
                    self.read_file(asked, place.as_mut(), &name, field, &progress, &mut posted).await?;
                }
                None => {
                    let name = field.name().unwrap_or_default().to_owned();
                    let value = self.read_text(field, &progress, &mut text, &mut turn).await?;
                    match value {
                        Ok(value) if posted.fields.len() < MOST_FIELDS => posted.fields.push((name, value)),
                        Ok(_) => return Err(Unread::Unreadable),
                        Err(begun) => {
                            posted.fields.push((name, begun));
                            posted.problems.push(Mend::CutShort);
                            return Ok(posted);
                        }
                    }
                }
            }
        }
    }

    /// The text of a field; `Err` inside holds what had come when the line broke.
    async fn read_text(
        &self,
        mut field: Field<'_>,
        progress: &Progress,
        text: &mut usize,
        turn: &mut Option<OwnedSemaphorePermit>,
    ) -> Result<Result<String, String>, Unread> {
        let mut bytes = Vec::new();
        let whole = loop {
            progress.made();
            match field.chunk().await {
                Ok(Some(piece)) => {
                    *text += piece.len();
                    if *text > self.app.settings().limits.text {
                        return Err(self.too_large());
                    }
                    if turn.is_none() {
                        *turn = self.turn_for(*text).await?;
                    }
                    bytes.extend_from_slice(&piece);
                }
                Ok(None) => break true,
                Err(_) => break false,
            }
        };
        let value = match String::from_utf8(bytes) {
            Ok(value) => value,
            Err(broken) => String::from_utf8_lossy(broken.as_bytes()).into_owned(),
        };
        Ok(if whole { Ok(value) } else { Err(value) })
    }

    async fn read_file(
        &self,
        asked: Option<&Asked>,
        place: Option<&mut FilePlace>,
        name: &str,
        mut field: Field<'_>,
        progress: &Progress,
        posted: &mut Posted,
    ) -> Result<(), Unread> {
        // An empty chooser sends a part without a name and without bytes.
        let Some(place) = place.filter(|_| !name.is_empty()) else { return pass_over(&mut field, progress).await };
        if place.room == 0 {
            if !posted.problems.iter().any(|problem| matches!(problem, Mend::TooManyFiles { .. })) {
                let most = self.app.settings().files_per_report.to_string();
                posted.problems.push(Mend::TooManyFiles { most });
            }
            return pass_over(&mut field, progress).await;
        }
        if let Some(asked) = asked {
            self.count(asked, Counted::File).await.map_err(Unread::Trouble)?;
        }
        let mut upload = match self.app.begin_upload(place.tenant, place.owner, name).await {
            Ok(upload) => upload,
            Err(trouble) => {
                tracing::error!(%trouble, "a file could not be begun");
                posted.problems.push(Mend::FileCutShort { name: name.to_owned() });
                return pass_over(&mut field, progress).await;
            }
        };
        match fill(&mut upload, &mut field, progress).await {
            Filled::Whole if upload.size() == 0 => {
                posted.problems.push(Mend::FileEmpty { name: upload.name().to_owned() });
            }
            Filled::Whole => {
                let shown = upload.name().to_owned();
                match upload.finish().await {
                    Ok(file) => {
                        place.room -= 1;
                        posted.files.push(file);
                    }
                    Err(trouble) => {
                        tracing::error!(%trouble, "a file could not be kept");
                        posted.problems.push(Mend::FileCutShort { name: shown });
                    }
                }
            }
            Filled::TooBig(size) => posted.problems.push(Mend::FileTooBig {
                name: upload.name().to_owned(),
                size: sizes::size(size),
                most: sizes::size(self.app.settings().file_limit),
            }),
            Filled::Cut => posted.problems.push(Mend::FileCutShort { name: upload.name().to_owned() }),
        }
        Ok(())
    }

    /// A turn among the long texts, once a text is long.
    async fn turn_for(&self, bytes: usize) -> Result<Option<OwnedSemaphorePermit>, Unread> {
        if bytes <= LONG {
            return Ok(None);
        }
        match tokio::time::timeout(TURN, Arc::clone(&self.long_texts).acquire_owned()).await {
            Ok(Ok(turn)) => Ok(Some(turn)),
            _ => Err(Unread::Trouble(Trouble::TooMany(60))),
        }
    }

    fn too_large(&self) -> Unread {
        Unread::TooLarge(sizes::size(self.app.settings().limits.text as u64))
    }
}

enum Filled {
    Whole,
    TooBig(u64),
    Cut,
}

async fn fill(upload: &mut Upload, field: &mut Field<'_>, progress: &Progress) -> Filled {
    loop {
        progress.made();
        match field.chunk().await {
            Ok(Some(piece)) => match upload.push(&piece).await {
                Ok(()) => {}
                Err(UploadStopped::TooBig) => {
                    // A browser shows an answer only when it could send everything: the rest is read and let go.
                    let rest = count_rest(field, progress).await;
                    return Filled::TooBig(upload.size() + rest);
                }
                Err(UploadStopped::Trouble(trouble)) => {
                    tracing::error!(%trouble, "a file could not be taken");
                    count_rest(field, progress).await;
                    return Filled::Cut;
                }
            },
            Ok(None) => return Filled::Whole,
            Err(_) => return Filled::Cut,
        }
    }
}

async fn count_rest(field: &mut Field<'_>, progress: &Progress) -> u64 {
    let mut count = 0;
    while let Ok(Some(piece)) = field.chunk().await {
        progress.made();
        count += piece.len() as u64;
    }
    count
}

async fn pass_over(field: &mut Field<'_>, progress: &Progress) -> Result<(), Unread> {
    count_rest(field, progress).await;
    Ok(())
}

fn length(request: &Request) -> Option<usize> {
    request.headers().get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

fn is(request: &Request, kind: &str) -> bool {
    let given = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let given = given.split(';').next().unwrap_or_default().trim();
    given.eq_ignore_ascii_case(kind)
}

fn boundary(request: &Request) -> bool {
    is(request, "multipart/form-data")
}

/// Notes that the parser got on, so that a part whose headers never end is stopped while it is still small.
#[derive(Clone, Default)]
struct Progress(Arc<AtomicU64>);

impl Progress {
    fn made(&self) {
        self.0.store(0, Ordering::Relaxed);
    }
    fn ahead(&self, bytes: usize) -> bool {
        self.0.fetch_add(bytes as u64, Ordering::Relaxed) + bytes as u64 > AHEAD
    }
}

/// A body that is handed on in small pieces with a pause after each, and that ends in an error when too much comes.
/// The parser behind it takes whatever is ready before it looks at any of it, so the pauses bound its memory.
struct Paced {
    body: BodyDataStream,
    rest: Bytes,
    pause: bool,
    progress: Progress,
    left: u64,
}

#[derive(Debug, thiserror::Error)]
#[error("more was sent than is taken")]
struct TooMuch;

impl Paced {
    fn new(body: Body, progress: Progress, most: u64) -> Self {
        Self { body: body.into_data_stream(), rest: Bytes::new(), pause: false, progress, left: most }
    }
}

impl Stream for Paced {
    type Item = Result<Bytes, Box<dyn std::error::Error + Send + Sync>>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if std::mem::take(&mut self.pause) {
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        while self.rest.is_empty() {
            match Pin::new(&mut self.body).poll_next(context) {
                Poll::Ready(Some(Ok(bytes))) => self.rest = bytes,
                Poll::Ready(Some(Err(error))) => return Poll::Ready(Some(Err(error.into()))),
                Poll::Ready(None) => return Poll::Ready(None),
                Poll::Pending => return Poll::Pending,
            }
        }
        let length = self.rest.len().min(PIECE);
        let piece = self.rest.split_to(length);
        let Some(left) = self.left.checked_sub(length as u64) else { return Poll::Ready(Some(Err(TooMuch.into()))) };
        self.left = left;
        if self.progress.ahead(length) {
            return Poll::Ready(Some(Err(TooMuch.into())));
        }
        self.pause = true;
        Poll::Ready(Some(Ok(piece)))
    }
}
