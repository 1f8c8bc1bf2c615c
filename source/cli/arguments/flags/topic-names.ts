/** What `help` explains beside commands and recipes, with what each is about. */
export const TOPICS = {
	keys: 'The keys of the dashboard',
	analyses: 'What is computed, how exactly, and analyses of your own',
	formats: 'How files may be written, and what is found in them',
	runs: 'Runs that are saved: to find, compare, verify and resume',
	following: 'A run from another terminal',
	folders: 'A watched folder, and how to look after it',
	routing: 'Routes and steps of a watched folder',
	server: 'What a server does with files, tasks and results, and how to look after it',
	page: 'The page of a server, for people without a terminal',
	accounts: 'Accounts of a server, what each role may do, and how people and programs log in',
	clients: 'A server from another machine',
	visits: 'A server by SSH: dashboard, commands and files',
	objects: 'Data on other machines: S3 and the web',
	workers: 'Files read by several machines',
	settings: 'Configuration files, variables and paths',
	library: 'From programs in JavaScript and TypeScript',
	speed: 'What was measured, and against what',
} as const;

export type TopicName = keyof typeof TOPICS;

export const TOPIC_NAMES = Object.keys(TOPICS) as readonly TopicName[];
