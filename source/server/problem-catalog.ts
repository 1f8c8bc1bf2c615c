// Everything that can be wrong with a request: what it is called, what it means, and what to do about it. Answers and `/docs/problems/` are
// made from it, so each code that the server sends is explained.
import {ACCOUNT_PROBLEMS} from './account-problems.ts';
import type {ProblemEntry} from './problem-entry.ts';

const QUOTA_EXCEEDED = 'https://iana.org/assignments/http-problem-types#quota-exceeded';

export const PROBLEMS = {
	...ACCOUNT_PROBLEMS,
	BAD_REQUEST: {
		...{status: 400, title: 'Bad request'},
		meaning: 'The request is not HTTP or JSON as the server can read it.',
		remedy: 'Look at the detail, and correct the request.',
	},
	INVALID: {
		...{status: 400, title: 'Bad request'},
		meaning: 'A member of the body, or a parameter, is missing, unknown, or has another type or size than described.',
		remedy: 'Compare it with the description of the route in /openapi.json.',
	},
	TOO_DEEP: {
		...{status: 400, title: 'Bad request'},
		meaning: 'The JSON of the request has too many values within values.',
		remedy: 'Send flat JSON, as the route describes it.',
	},
	MALFORMED: {
		...{status: 400, title: 'Bad request'},
		meaning: 'The parts of a multipart request cannot be told apart.',
		remedy: 'Let a library write the request, or curl -F file=@data.csv.',
	},
	NOT_MULTIPART: {
		...{status: 400, title: 'Bad request'},
		meaning: 'A file was to come as multipart/form-data.',
		remedy: 'Send it as curl -F file=@data.csv does.',
	},
	NO_FILE: {
		...{status: 400, title: 'Bad request'},
		meaning: 'The multipart request has no part with a file.',
		remedy: 'Send it as curl -F file=@data.csv does.',
	},
	BAD_CURSOR: {
		...{status: 400, title: 'Bad request'},
		meaning: 'The cursor is not one that an earlier page came with.',
		remedy: 'Take next_cursor of the page before as it is, or begin without a cursor.',
	},
	BAD_FILTER: {
		...{status: 400, title: 'Bad request'},
		meaning:
			'A term of q cannot be understood, so nothing is listed: other files than those that were asked for would be.',
		remedy: 'Write terms as in the filter of the dashboard: status:failed size>1GB !tmp "two words".',
	},
	BAD_KEY: {
		...{status: 400, title: 'Bad request'},
		meaning: 'The header Idempotency-Key is empty, too long, or there are several.',
		remedy: 'Send one, of 1 to 255 characters.',
	},
	BAD_NAME_OF_FILE: {
		...{status: 400, title: 'Bad request'},
		meaning: 'The path that a file had where it came from is deeper than folders are.',
		remedy: 'Send it without relativePath, or from a folder nearer to it.',
	},
	UNKNOWN_OPTION: {
		...{status: 400, title: 'Bad request'},
		meaning: 'A task was asked for with an option that there is not, so nothing was begun.',
		remedy: 'GET /api/v1/tasks lists the options and what each takes.',
	},
	BAD_OPTION: {
		...{status: 400, title: 'Bad request'},
		meaning:
			'An option of a task has a value that it does not take, or does not go with the others; `errors` lists each.',
		remedy: 'GET /api/v1/tasks lists the options and what each takes.',
	},
	BAD_MAPPING: {
		...{status: 400, title: 'No mapping that can be used'},
		meaning: 'The name of the mapping, its headings, or one of its columns cannot be used; nothing is saved.',
		remedy:
			'Look at the detail. GET /api/v1/tasks lists the columns, GET /api/v1/files/{id}/preview the headings of a file.',
	},
	TOO_MANY_PREVIEWS: {
		...{status: 503, title: 'Too many files are looked into'},
		meaning: 'The beginnings of many files are read at this moment, and more of them wait than may.',
		remedy: 'Ask again after Retry-After.',
	},
	VERSION_NEEDED: {
		...{status: 428, title: 'Say which version'},
		meaning: 'Others may change the same, and the request does not say which version of it was looked at.',
		remedy: 'GET it, and send its ETag as If-Match with the change; If-Match: * overwrites whatever is there.',
	},
	VERSION_CHANGED: {
		...{status: 412, title: 'It has changed meanwhile'},
		meaning: 'If-Match names a version that is not the present one, so nothing was overwritten.',
		remedy: 'GET it again, look at what has changed, and send the change with the new ETag.',
	},
	UNKNOWN_TASK: {
		...{status: 400, title: 'Bad request'},
		meaning: 'There is no task or analysis of this name.',
		remedy: 'Choose one of those that the detail lists.',
	},
	UNKNOWN_MAPPING: {
		...{status: 400, title: 'Bad request'},
		meaning: 'The account has no mapping of this name, so nothing was begun.',
		remedy: 'Choose one of those that GET /api/v1/mappings lists, or none.',
	},
	NO_PARTS: {
		...{status: 400, title: 'Only whole files'},
		meaning: 'A request with PUT has the header Content-Range, and so only a part of a file.',
		remedy: 'Send the whole file, or its parts by tus.',
	},
	BAD_DIGEST: {
		...{status: 400, title: 'No digest that can be checked'},
		meaning:
			'The header Content-Digest or Repr-Digest is not as RFC 9530 has it, or names algorithms that the server does not know.',
		remedy: 'Send sha-256=:…: or sha-512=:…:, with the digest in base64, or no digest.',
	},
	WRONG_DIGEST: {
		...{status: 400, title: 'Other bytes have come'},
		meaning:
			'The bytes that came are not those whose Content-Digest or Repr-Digest was stated; nothing of them is kept.',
		remedy: 'Send them again; if it happens again, look at how the digest is made.',
	},
	UNKNOWN_CHECKSUM: {
		...{status: 400, title: 'Unknown checksum'},
		meaning: 'The header Upload-Checksum names an algorithm that the server does not know.',
		remedy: 'Use one that OPTIONS of the uploads lists as Tus-Checksum-Algorithm.',
	},
	NOT_FOUND: {
		...{status: 404, title: 'Not found'},
		meaning:
			'There is no such thing, it belongs to somebody else, it has expired, or the scanner of the server had it removed.',
		remedy: 'Check the path and the id; list what there is.',
	},
	NO_INBOX: {
		...{status: 404, title: 'No folder is watched'},
		meaning: 'The server watches no folder beside the files of its accounts.',
		remedy: 'Start it with --watch <dir>, or leave ?to=inbox away.',
	},
	NOT_RETRIABLE: {
		...{status: 409, title: 'Nothing to try again'},
		meaning:
			'None of the files of the watched folder that were named has failed, or they are being tried again already.',
		remedy: 'List those that have failed by GET /api/v1/inbox?state=failed.',
	},
	NO_ROUTE: {
		...{status: 400, title: 'There is no such route'},
		meaning: 'The watched folder has no route with this tag.',
		remedy: 'Name one of those that GET /api/v1/inbox lists as tags, or none, and the one that fits is taken.',
	},
	NO_TABLE: {
		...{status: 404, title: 'There is no such table'},
		meaning: 'The result has no table of this name, or none at all: tables lists those that it has.',
		remedy: 'Name one of them by ?table=….',
	},
	NO_REJECTS: {
		...{status: 404, title: 'Nothing was rejected'},
		meaning: 'All records of the file were accepted, so there is no list of rejected ones.',
		remedy: 'Nothing is to be done.',
	},
	METHOD_NOT_ALLOWED: {
		...{status: 405, title: 'Method not allowed'},
		meaning: 'The path is there, but not with this method.',
		remedy: 'Use a method that the header Allow lists.',
	},
	TOO_SLOW: {
		...{status: 408, title: 'The request took too long'},
		meaning: 'The beginning of the request did not come in time.',
		remedy: 'Send it again, on a better connection.',
	},
	SCANNER_AWAY: {
		...{status: 503, title: 'The scanner says nothing'},
		meaning: 'The server lets a scanner look at each file first, and it does not answer.',
		remedy: 'Send the file again after Retry-After; the operator finds the reason in what the server reports.',
	},
	SCANNING: {
		...{status: 409, title: 'Not scanned yet'},
		meaning: 'The server lets a scanner look at each file first, and it has not said anything of this one yet.',
		remedy: 'Ask again after Retry-After; tasks of the file begin by themselves.',
	},
	CONFLICT: {
		...{status: 409, title: 'Something has changed'},
		meaning: 'What the request is about has changed while it was under way.',
		remedy: 'Look at how it is now, and ask again if that still makes sense.',
	},
	IN_USE: {
		...{status: 409, title: 'The file is in use'},
		meaning: 'A task that waits or is worked on needs the file.',
		remedy: 'Cancel the task, or wait until it has ended.',
	},
	COUNT_CHANGED: {
		...{status: 409, title: 'Other files match than were expected'},
		meaning: 'The number of files that match differs by more than a tenth from expected_count, so nothing is done.',
		remedy: 'Look at the list again, and ask with the count that it has now.',
	},
	TOO_MANY_FILES: {
		...{status: 409, title: 'Too many files match'},
		meaning: 'More files match than one action is done to.',
		remedy: 'Narrow q down, and do it part by part.',
	},
	TOO_MANY_WEBHOOKS: {
		...{status: 409, title: 'There are too many webhooks'},
		meaning: 'The account has as many webhooks as it may, or has named too many mail addresses within a day.',
		remedy: 'Remove those that are not used any more.',
	},
	TOO_MANY_MAPPINGS: {
		...{status: 409, title: 'There are too many mappings'},
		meaning: 'The account has as many mappings as it may.',
		remedy: 'Remove those that are not used any more.',
	},
	WEBHOOK_OFF: {
		...{status: 409, title: 'The webhook is not on'},
		meaning: 'Nothing is sent to a webhook that is off, or to a mail address that is not confirmed.',
		remedy: 'Switch it on by PATCH {"state": "on"}, or confirm the address by the code that has come by mail.',
	},
	NOT_COMPLETED: {
		...{status: 409, title: 'There is no result'},
		meaning: 'The task has no result, because it has not completed: status says how it is.',
		remedy: 'Wait for it, or look at its error and retry it.',
	},
	NOT_COMBINABLE: {
		...{status: 409, title: 'The results cannot be added up'},
		meaning:
			'Figures of several tasks together are worked out from what is kept of each, which is not there, or of other records.',
		remedy: 'Ask for tasks with the same condition, start again those that are named, or take the result of each.',
	},
	ENDED: {
		title: 'The task has ended',
		status: 409,
		meaning: 'Only a task that waits or is worked on can be held or go on.',
		remedy: 'Look at the task: it may have a result, or be tried again.',
	},
	NOT_ENDED: {
		...{status: 409, title: 'It cannot be retried'},
		meaning: 'Only tasks that failed or were cancelled are retried.',
		remedy: 'Wait until it has ended, or cancel it first.',
	},
	EXPIRED: {
		...{status: 410, title: 'It has expired'},
		meaning: 'The result or the upload was kept as long as the server keeps such things, and is gone.',
		remedy: 'Start the task or the upload once more; --result-ttl keeps results longer.',
	},
	OFFSET_CONFLICT: {
		...{status: 409, title: 'The upload is elsewhere'},
		meaning: 'Upload-Offset is not where the upload ends so far; nothing has been written.',
		remedy: 'Ask by HEAD where it ends, and go on from there.',
	},
	TUS_VERSION: {
		...{status: 412, title: 'Another version of tus'},
		meaning: 'The header Tus-Resumable is missing, or names a version that the server does not speak.',
		remedy: 'Send Tus-Resumable: 1.0.0.',
	},
	BODY_TOO_LARGE: {
		...{status: 413, title: 'The request is too large'},
		meaning: 'The body is larger, or has more parts, than any request of this route needs.',
		remedy: 'Send files by /upload or by tus, and everything else in smaller requests.',
	},
	TOO_LARGE: {
		...{status: 413, title: 'The file is too large'},
		meaning: 'A file may not be as large as this one: max_upload_bytes says how large.',
		remedy: 'Compress it or split it, or ask the operator for a higher --max-upload-bytes.',
	},
	QUOTA_EXCEEDED: {
		...{status: 413, title: 'The quota is used up'},
		meaning: 'With this file the account would have more files or bytes than it may.',
		remedy: 'Remove files, or wait until some expire.',
	},
	PATH_TOO_LONG: {
		...{status: 414, title: 'The path is too long'},
		meaning: 'A part of the path is longer than any id or name of the server.',
		remedy: 'Check the path and the id.',
	},
	CONTENT_TYPE: {
		...{status: 415, title: 'Another content type'},
		meaning: 'The route takes bodies of another type.',
		remedy: 'Send Content-Type: application/json, or what the detail asks for.',
	},
	RANGE_NOT_SATISFIABLE: {
		...{status: 416, title: 'There is no such range'},
		meaning: 'The header Range asks for bytes behind the end.',
		remedy: 'Ask for bytes that Content-Range says there are, or for the whole without Range.',
	},
	BAD_ANALYSES: {
		...{status: 422, title: 'They do not fit together'},
		meaning: 'These analyses cannot be made of one file in one pass.',
		remedy: 'Start a task for each of them.',
	},
	NOT_TAKEN: {
		...{status: 422, title: 'The file is not taken'},
		meaning:
			'By its name or its first bytes the file is none that can be read, or the archive has too much in it: reason says what.',
		remedy: 'Do as the detail says; of several files in one request the others are taken.',
	},
	WRONG_SHA256: {
		...{status: 422, title: 'Other bytes have come'},
		meaning: 'The file is not the one whose sha256 the metadata of the upload state; it is not kept.',
		remedy: 'Send it again; if it happens again, look at how the hash is made.',
	},
	LOCKED: {
		...{status: 423, title: 'Somebody is writing to it'},
		meaning: 'Another request is sending bytes of the same upload.',
		remedy: 'Wait until it has ended, ask by HEAD where the upload ends, and go on from there.',
	},
	WRONG_CHECKSUM: {
		...{status: 460, title: 'Other bytes have come'},
		meaning: 'The bytes of this piece are not those whose Upload-Checksum was stated; nothing of them is kept.',
		remedy: 'Send the piece again.',
	},
	WEBHOOK_REFUSED: {
		...{status: 422, title: 'Nothing is sent there'},
		meaning:
			'Notices go by https: to addresses in the internet, and to others only where the operator allows it; mail goes to one address each.',
		remedy:
			'Name another address; the operator allows addresses of a network by --webhook-allow, and mail by --smtp-url-file.',
	},
	WRONG_MAIL_CODE: {
		...{status: 422, title: 'It is another code'},
		meaning: 'The code is not the one that was sent to the mail address.',
		remedy: 'Copy it from the mail, or remove the webhook and make it again.',
	},
	KEY_REUSED: {
		...{status: 422, title: 'The key was used for something else'},
		meaning: 'The same Idempotency-Key came with another request before.',
		remedy: 'Make a new key for each thing that is to be done once.',
	},
	WEBSOCKET_ONLY: {
		...{status: 426, title: 'A WebSocket is expected'},
		meaning: 'The path is for WebSockets, and the request does not ask for one.',
		remedy: 'Open a WebSocket there, or follow the server-sent events of /api/v1/events.',
	},
	TOO_MANY_REQUESTS: {
		...{status: 429, title: 'Too many requests', type: QUOTA_EXCEEDED},
		meaning: 'The user, or the address where nobody has logged in, has sent as many requests in a minute as may be.',
		remedy: 'Wait as long as Retry-After says; follow /api/v1/events instead of asking again and again.',
	},
	TOO_MANY_STREAMS: {
		...{status: 429, title: 'Too many streams'},
		meaning: 'The account follows as many streams of events as it may at the same time.',
		remedy: 'Close one first; one stream of /api/v1/events has the events of all tasks.',
	},
	TOO_MANY_TASKS: {
		...{status: 429, title: 'Too many concurrent tasks', type: QUOTA_EXCEEDED},
		meaning: 'As many tasks are worked on, and wait, as may: violated-policies says which limit it is.',
		remedy: 'Wait as long as Retry-After says, and ask again.',
	},
	HEADERS_TOO_LARGE: {
		...{status: 431, title: 'The headers are too large'},
		meaning: 'The headers of the request are larger together than the server reads.',
		remedy: 'Send fewer or shorter headers and cookies.',
	},
	INTERNAL: {
		...{status: 500, title: 'Internal error'},
		meaning: 'Something went wrong in the server; it is no fault of the request.',
		remedy: 'Tell the operator when it was.',
	},
	LEDGER_UNAVAILABLE: {
		...{status: 503, title: 'It cannot be kept'},
		meaning: 'The server cannot write to its ledger.',
		remedy: 'Ask again later; the operator finds the reason in what the server reports.',
	},
	METADATA_AWAY: {
		...{status: 503, title: 'What servers share is away'},
		meaning:
			'The database by which several servers share accounts and tasks cannot be reached, so nothing can be changed; what is there can be read.',
		remedy: 'Wait as long as Retry-After says, and ask again.',
	},
	DISK_FULL: {
		...{status: 507, title: 'The disk is full'},
		meaning: 'There is no room on the disk of the server.',
		remedy: 'Remove files, wait until some expire, or ask the operator for more room.',
	},
} as const satisfies Readonly<Record<string, ProblemEntry>>;

/** A stable upper-case word. */
export type ProblemCode = keyof typeof PROBLEMS;
