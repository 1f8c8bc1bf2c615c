// Flags of `serve`.
import {DURATION_PATTERN, findDurationFault, parseDuration} from '../../../text/duration.ts';
import {flagsOf} from './definition.ts';

/** The last use of a session is known to the minute, so a shorter time would end sessions that are in use. */
const MIN_SESSION_SECONDS = 300;

const findSessionFault = (text: string): string | undefined =>
	findDurationFault(text) ??
	((parseDuration(text) ?? 0) < MIN_SESSION_SECONDS ? 'a session lasts 5m or longer' : undefined);

export const SERVE_FLAGS = [
	...flagsOf({group: 'Server', commands: ['serve']}, [
		{
			name: 'listen',
			type: 'string',
			default: '127.0.0.1:8000',
			placeholder: '<host:port>',
			description: 'Where to listen; another address than one of this machine needs accounts',
		},
		{
			name: 'data',
			type: 'string',
			default: './fileproc-data',
			placeholder: '<dir>',
			completes: 'directory',
			description: 'The folder for accounts, files and results; it is made if there is none',
		},
		{
			name: 'open',
			type: 'boolean',
			default: false,
			description: 'Without accounts: whoever can reach it is its one user. Only on this machine',
		},
		{
			name: 'registration',
			type: 'string',
			default: 'invitation',
			choices: ['invitation', 'open', 'closed'],
			placeholder: '<who>',
			description: 'Who may make an account: invitation (who has one), open (anybody) or closed (nobody)',
		},
		{
			name: 'max-concurrent-tasks',
			type: 'integer',
			default: null,
			defaultText: '$MAX_CONCURRENT_TASKS, or 10',
			minimum: 1,
			maximum: 1000,
			placeholder: '<n>',
			description: 'Tasks that are worked on at the same time',
		},
		{
			name: 'max-queued',
			type: 'integer',
			default: 100,
			minimum: 0,
			maximum: 1_000_000,
			placeholder: '<n>',
			description: 'Tasks that wait at most; further ones are refused with 429',
		},
		{
			name: 'max-queued-per-user',
			type: 'integer',
			default: 20,
			minimum: 0,
			maximum: 1_000_000,
			placeholder: '<n>',
			description: 'The same for each user',
		},
		{
			name: 'on-full',
			type: 'string',
			default: 'queue',
			choices: ['queue', 'reject'],
			placeholder: '<what>',
			description: 'What a task does when as many as may are worked on: queue, or reject it with 429',
		},
		{
			name: 'max-upload-bytes',
			type: 'size',
			default: 10 * 1024 ** 3,
			minimum: 1,
			maximum: Number.MAX_SAFE_INTEGER,
			placeholder: '<size>',
			description: 'A larger file is refused',
		},
		{
			name: 'quota-bytes',
			type: 'size',
			default: null,
			defaultText: 'no limit',
			minimum: 0,
			maximum: Number.MAX_SAFE_INTEGER,
			placeholder: '<size>',
			description: 'What the files of a user may take together',
		},
		{
			name: 'quota-files',
			type: 'integer',
			default: null,
			defaultText: 'no limit',
			minimum: 0,
			maximum: 1_000_000_000,
			placeholder: '<n>',
			description: 'How many files a user may have',
		},
		{
			name: 'dataset-ttl',
			type: 'string',
			default: '1h',
			placeholder: '<time>',
			description: 'How long files that were sent in are kept, like 30m, 1h or 7d; 0 keeps them',
			pattern: DURATION_PATTERN,
			findFault: findDurationFault,
		},
		{
			name: 'session-idle',
			type: 'string',
			default: '8h',
			placeholder: '<time>',
			description: 'A login that is not used for so long ends',
			pattern: DURATION_PATTERN,
			findFault: findSessionFault,
		},
		{
			name: 'session-ttl',
			type: 'string',
			default: '7d',
			placeholder: '<time>',
			description: 'Any login ends after so long',
			pattern: DURATION_PATTERN,
			findFault: findSessionFault,
		},
		{
			name: 'max-streams-per-user',
			type: 'integer',
			default: 200,
			minimum: 1,
			maximum: 1_000_000,
			placeholder: '<n>',
			description: 'Streams of events of a user at the same time',
		},
	]),
] as const;
