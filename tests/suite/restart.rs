//! The real program is killed in the middle of a hundred calls, and another one takes its place: nobody hears it. Asked
//! to stop, it first answers those who wait.

use std::time::Duration;

use allo_cmp::phone::{Call, Heard, HttpTransport, Wait, check_document};
use tokio::{net::TcpStream, task::JoinSet, time::timeout};

use crate::{
    line::{Line, caller, play, raw, said, signed_post},
    program::Program,
    server::Client,
};

/// Places in the flow: what is done before the server dies, and what after it. See [`play`] for the letters.
pub(crate) const PLACES: [(&str, &str); 25] = [
    ("", "1_9#"),              // the first words
    ("_", "_ _ _ n"),          // the first silence
    ("__", "2*"),              // the way for those who can't speak
    ("5", "1"),                // a wrong key before a language
    ("1", "0 3 #"),            // the main menu
    ("2", "91_b1"),            // the same in English
    ("10", "4#0"),             // help
    ("101", "##"),             // a page of help
    ("103", "_ 7 *"),          // privacy
    ("17", "* 0 7"),           // slow
    ("2077", "*"),             // slow and normal again
    ("18", "2"),               // the languages
    ("109 8", "1#"),           // the languages, from urgent help
    ("19", "_ _ c 4 _"),       // urgent help
    ("19 2", "_"),             // the numbers
    ("191", "_ n"),            // before a transfer
    ("191", "#"),              // the same, and a key
    ("191_", "b 91_ c 2 _ x"), // ringing
    ("291_ c", "4 _"),         // after a conversation
    ("1_ 5 _", "_ n _"),       // the ladder has called a person
    ("121 _ 1", "_ 2 # 0"),    // a part of a document
    ("22 2", "_ 1 8 1 *"),     // the same in English, chosen by a condition
    ("124 1 9", "# _ 7"),      // urgent help, from a part
    ("123 _____", "_ _ 1"),    // the end of a document
    ("121 4_", "c 4 1 4 _"),   // ringing, from a document
];

const CALLS: usize = 100;

/// All calls at once, each doing its part.
async fn together(calls: Vec<(usize, Call<HttpTransport>)>, before: bool) -> Vec<(usize, Call<HttpTransport>)> {
    let mut set = JoinSet::new();
    for (n, mut call) in calls {
        set.spawn(async move {
            let (first, second) = PLACES[n % PLACES.len()];
            if before {
                call.start().await.unwrap();
                play(&mut call, first).await;
            } else {
                play(&mut call, second).await;
            }
            (n, call)
        });
    }
    let mut calls = set.join_all().await;
    calls.sort_by_key(|(n, _)| *n);
    calls
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_calls_go_on_where_they_were_after_a_kill() {
    let undisturbed = Line::shipped().await;
    let first = Program::start(None, "info").await;
    let address = first.address;
    let calls = together((0..CALLS).map(|n| (n, caller(address, n))).collect(), true).await;
    let lengths: Vec<usize> = calls.iter().map(|(_, call)| call.transcript().len()).collect();
    first.kill();
    assert!(TcpStream::connect(address).await.is_err(), "something still listens");

    let second = Program::start(Some(address), "info").await;
    assert_eq!(second.address, address);
    let calls = together(calls, false).await;

    let twins = together((0..CALLS).map(|n| (n, undisturbed.caller(n))).collect(), true).await;
    let twins = together(twins, false).await;
    for (((n, call), (_, twin)), before) in calls.iter().zip(&twins).zip(lengths) {
        let heard: &[Heard] = call.transcript();
        assert!(heard.len() > before, "call {n} did not go on");
        assert_eq!(heard, twin.transcript(), "call {n}");
        assert_eq!(call.hearing(), twin.hearing(), "call {n}");
        assert_eq!(call.wait().is_ended(), twin.wait().is_ended(), "call {n}");
        let words = said(call.last_document().unwrap());
        assert!(!words.contains("Excusez-nous") && !words.contains("Sorry"), "call {n}: {words}");
    }
    // The calls give nothing to complain about; the journal speaks for itself.
    let log = second.log();
    let complains =
        |line: &&str| (line.contains("ERROR") || line.contains("WARN")) && !line.contains("allo_cmp::journal");
    assert_eq!(log.lines().find(complains), None, "{log}");
}

pub(crate) trait Ended {
    fn is_ended(&self) -> bool;
}

impl Ended for Wait {
    fn is_ended(&self) -> bool {
        matches!(self, Wait::Ended(_))
    }
}

#[tokio::test]
async fn asked_to_stop_it_answers_those_who_wait_and_exits_with_0() {
    let mut program = Program::start(None, "info").await;
    let body = b"CallSid=CA1&From=%2B33639981234&To=%2B33199001234";
    let request = signed_post("/twilio/voice", Some("application/x-www-form-urlencoded"), body);
    let head = String::from_utf8(request[..request.len() - body.len()].to_vec()).unwrap();
    let head = head.replacen("Host: a\r\n", "Host: a\r\nExpect: 100-continue\r\n", 1);
    let mut client = Client(TcpStream::connect(program.address).await.unwrap());
    client.send(head).await;
    // Only a server that is about to read the body says so: from here on the request is in flight.
    assert!(client.read_head().await.starts_with("HTTP/1.1 100"));

    program.terminate();
    let closed = async {
        while TcpStream::connect(program.address).await.is_ok() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(Duration::from_secs(5), closed).await.unwrap();
    client.send(body).await;
    let answer = client.read_to_end(Duration::from_secs(5)).await;
    let (head, document) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 200"), "{answer}");
    assert_eq!(check_document(document.as_bytes()), Ok(()));
    assert_eq!(program.ended().await.code(), Some(0), "{}", program.log());
    assert!(program.log().contains("the line is closed cut=0"), "{}", program.log());
}

#[tokio::test]
async fn a_port_that_is_taken_is_said() {
    let program = Program::start(None, "info").await;
    let folder = tempfile::tempdir().unwrap();
    let listen = program.address.to_string();
    let output = crate::program::command(folder.path())
        .arg("serve")
        .env("ALLO_CMP__SERVER__LISTEN", &listen)
        .env("ALLO_CMP__ADMIN__LISTEN", "127.0.0.1:0")
        .env("ALLO_CMP__SERVER__PUBLIC_URL", crate::line::PUBLIC)
        .env("ALLO_CMP__SERVER__SECRET", crate::line::SECRET)
        .env("ALLO_CMP__PROVIDERS__TWILIO__AUTH_TOKEN", crate::line::AUTH_TOKEN)
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("server.listen") && said.contains(&listen), "{said}");
    let healthz = "GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    assert_eq!(raw(program.address, healthz).await.0, 200);
}
