//! Real HTTP on the loopback: what arrives at the server, and what becomes of connections that are gone.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use http_body_util::Empty;
use hyper::{Response, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

use super::*;
use crate::phone::{Call, Dialling, Ending, Wait, When};
use crate::provider::twilio;

type Seen = Arc<Mutex<Vec<(String, hyper::HeaderMap, String)>>>;

struct Server {
    address: String,
    seen: Seen,
    connections: Arc<AtomicUsize>,
}

const DOCUMENT: &str = "<?xml version=\"1.0\"?><Response><Gather numDigits=\"1\" action=\"https://ivr.example.org/twilio/voice?s=a%2Fb\"><Say>x</Say></Gather><Hangup/></Response>";

/// Answers each request with [`DOCUMENT`] and a cookie; lets each connection serve `per_connection` requests.
async fn serve(per_connection: usize) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let server = Server { address, seen: Seen::default(), connections: Arc::default() };
    let (seen, connections) = (server.seen.clone(), server.connections.clone());
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            connections.fetch_add(1, Ordering::SeqCst);
            let seen = seen.clone();
            let served = Arc::new(AtomicUsize::new(0));
            let service = service_fn(move |request: Request<Incoming>| {
                let (seen, served) = (seen.clone(), served.clone());
                async move {
                    if served.fetch_add(1, Ordering::SeqCst) >= per_connection {
                        return Err("gone");
                    }
                    let (parts, body) = request.into_parts();
                    let body = body.collect().await.unwrap().to_bytes();
                    let body = String::from_utf8(body.to_vec()).unwrap();
                    seen.lock().unwrap().push((parts.uri.to_string(), parts.headers, body));
                    let answer = Response::builder().header("content-type", "text/xml").header("set-cookie", "a=b");
                    Ok(answer.body(Full::<Bytes>::from(DOCUMENT)).unwrap())
                }
            });
            tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
        }
    });
    server
}

fn call(server: &Server) -> Call<HttpTransport> {
    let transport = HttpTransport::new("12345", "https://ivr.example.org/", &server.address).unwrap();
    let entry = "https://ivr.example.org/twilio/voice";
    Call::new(transport, Dialling::new("+33612345678", "+33123456789", entry))
}

#[tokio::test]
async fn webhooks_arrive_signed_over_the_public_url_and_without_cookies() {
    let server = serve(100).await;
    let mut call = call(&server);
    call.start().await.unwrap();
    call.press("9", When::AfterWords).await.unwrap();
    let seen = server.seen.lock().unwrap();
    let paths: Vec<_> = seen.iter().map(|(path, ..)| path.as_str()).collect();
    assert_eq!(paths, ["/twilio/voice", "/twilio/voice?s=a%2Fb"]);
    for (path, headers, body) in seen.iter() {
        let url = format!("https://ivr.example.org{path}");
        let form: Vec<_> = url::form_urlencoded::parse(body.as_bytes()).into_owned().collect();
        let pairs: Vec<_> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(headers["x-twilio-signature"], twilio::sign("12345", &url, &pairs));
        assert_eq!(headers["content-type"], "application/x-www-form-urlencoded; charset=utf-8");
        assert_eq!(headers["user-agent"], "TwilioProxy/1.1");
        assert!(!headers.contains_key("cookie"));
    }
    assert_eq!(server.connections.load(Ordering::SeqCst), 1, "the connection is kept");
}

#[tokio::test]
async fn a_connection_that_is_gone_is_opened_anew() {
    let server = serve(1).await;
    let mut call = call(&server);
    call.start().await.unwrap();
    call.press("9", When::AfterWords).await.unwrap();
    call.silence().await.unwrap();
    assert_eq!(*call.wait(), Wait::Ended(Ending::Line));
    assert_eq!(server.connections.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn where_nobody_listens_the_error_names_the_address() {
    // Bound but not listening: no other test can get the port meanwhile.
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = format!("http://{}", socket.local_addr().unwrap());
    let mut transport = HttpTransport::new("1", "https://x.org", &address).unwrap();
    let request = WebRequest { method: Method::Get, url: "https://x.org/a".into(), params: Vec::new() };
    let error = transport.send(&request).await.unwrap_err().to_string();
    assert!(error.contains(&address) && error.to_lowercase().contains("refused"), "{error}");
}

#[tokio::test]
async fn documents_may_not_lead_elsewhere() {
    let mut transport = HttpTransport::new("1", "https://x.org", "http://127.0.0.1:9").unwrap();
    for url in ["https://x.org.evil/a", "https://y.org/", "http://x.org/a", "https://x.org:444/a"] {
        let request = WebRequest { method: Method::Post, url: url.into(), params: Vec::new() };
        let error = transport.send(&request).await.unwrap_err();
        assert!(matches!(error, PhoneError::Url { .. }), "{url}: {error}");
    }
}

#[test]
fn what_is_no_whole_address_is_refused_in_one_clear_sentence() {
    for wrong in ["ivr.example.org", "ftp://x.org", ""] {
        let Err(error) = HttpTransport::new("1", "https://x.org", wrong) else { panic!("{wrong}") };
        assert!(error.to_string().contains("give a whole address, as http://127.0.0.1:8080 or"), "{error}");
    }
    assert!(HttpTransport::new("1", "https://x.org", "http://me@127.0.0.1:80").is_err());
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_an_error() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let service = service_fn(|_| async { Err::<Response<Empty<Bytes>>, _>("broken") });
            tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
        }
    });
    let mut transport = HttpTransport::new("1", "https://x.org", &address).unwrap();
    let request = WebRequest { method: Method::Post, url: "https://x.org/a".into(), params: Vec::new() };
    assert!(matches!(transport.send(&request).await, Err(PhoneError::Unreachable { .. })));
}
