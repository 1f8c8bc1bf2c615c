// Flags of the commands that speak to a server on another machine.
import {flagsOf} from './definition.ts';

/** They all say which server, and who asks. */
export const CLIENT_COMMANDS = [
	...['push', 'start', 'get', 'events', 'cancel', 'retry', 'pause', 'resume', 'files', 'history', 'login', 'logout'],
] as const;

/** They start tasks, and may wait for them. */
const STARTING = ['push', 'start'] as const;

export const CLIENT_FLAGS = [
	...flagsOf({group: 'Client', commands: STARTING}, [
		{
			name: 'task',
			type: 'string',
			default: null,
			defaultText: 'detect',
			placeholder: '<names>',
			description: 'What the server makes of each file: names of analyses, with commas between them, or of tasks',
		},
		{
			name: 'options',
			type: 'string',
			default: null,
			placeholder: '<json>',
			description: 'How the server reads each file, as its tasks take it: \'{"delimiter": ";", "encoding": "cp1252"}\'',
		},
		{
			name: 'mapping',
			type: 'string',
			default: null,
			defaultText: 'the one for the heading',
			placeholder: '<name>',
			description: 'The mapping of columns on the server that each file is read by; none for none',
		},
		{
			name: 'wait',
			type: 'boolean',
			default: false,
			description: 'Stay until the tasks have ended, and say what they came to, as a run on this machine does',
		},
	]),
	...flagsOf({group: 'Client', commands: ['push']}, [
		{
			name: 'upload-only',
			type: 'boolean',
			default: false,
			description: 'Send files, and start no task',
		},
	]),
	...flagsOf({group: 'Client', commands: ['cancel', 'retry']}, [
		{
			name: 'q',
			type: 'string',
			default: null,
			placeholder: '<terms>',
			description:
				'All files of the server that match, in place of ids: status:failed, as in the filter of the dashboard',
		},
	]),
	...flagsOf({group: 'Client', commands: ['get']}, [
		{name: 'csv', type: 'boolean', default: false, description: 'Fetch a table of the result as CSV'},
		{name: 'parquet', type: 'boolean', default: false, description: 'Fetch a table of the result as Parquet'},
		{
			name: 'table',
			type: 'string',
			default: null,
			defaultText: 'the first one',
			placeholder: '<name>',
			description: 'Which table, like transactions.categories',
		},
	]),
	...flagsOf({group: 'Client', commands: ['events']}, [
		{
			name: 'after',
			type: 'string',
			default: null,
			placeholder: '<id>',
			description: 'Only events behind the one with this id, which --jsonl shows',
		},
	]),
	...flagsOf({group: 'Client', commands: [...CLIENT_COMMANDS, 'attach']}, [
		{
			name: 'token-file',
			type: 'string',
			default: null,
			defaultText: 'FILEPROC_TOKEN, or that of login',
			placeholder: '<file>',
			completes: 'file',
			description: 'A file with the token that is sent to the server',
		},
		{
			name: 'ca-file',
			type: 'string',
			default: null,
			placeholder: '<file.pem>',
			completes: 'file',
			description: 'Trust servers whose certificate is signed by one of these, too',
		},
		{
			name: 'allow-http',
			type: 'boolean',
			default: false,
			description: 'Send files and tokens to another machine without TLS, so that others can read along',
		},
	]),
] as const;
