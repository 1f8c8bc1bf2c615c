// What a topic says: texts, and tables that are made of what the program is made of.
import {ACTION_LIST, type Action} from '../../../server/actions.ts';
import {ROLES} from '../../../server/roles.ts';
import {KEYMAP} from '../../../ui/commands/keymap.ts';
import type {TopicName} from '../../arguments/flags/topic-names.ts';
import {ACCOUNTS} from './accounts.ts';
import {ANALYSES} from './analyses.ts';
import {CLIENTS} from './clients.ts';
import {FOLDERS} from './folders.ts';
import {FOLLOWING} from './following.ts';
import {FORMATS} from './formats.ts';
import {KEYS} from './keys.ts';
import {LIBRARY} from './library.ts';
import {OBJECTS} from './objects.ts';
import {PAGE} from './page.ts';
import {ROUTING} from './routing.ts';
import {RUNS} from './runs.ts';
import {SERVER} from './server.ts';
import {SETTINGS} from './settings.ts';
import {SPEED} from './speed.ts';
import {VISITS} from './visits.ts';
import {WORKERS} from './workers.ts';

const TEXTS: Readonly<Record<TopicName, string>> = {
	keys: KEYS,
	analyses: ANALYSES,
	formats: FORMATS,
	runs: RUNS,
	following: FOLLOWING,
	folders: FOLDERS,
	routing: ROUTING,
	server: SERVER,
	page: PAGE,
	accounts: ACCOUNTS,
	clients: CLIENTS,
	visits: VISITS,
	objects: OBJECTS,
	workers: WORKERS,
	settings: SETTINGS,
	library: LIBRARY,
	speed: SPEED,
};

const row = (left: string, right: string): string => `| ${left} | ${right}`;

const keys = (): string => KEYMAP.map(({label: [, label], help}) => row(label, help)).join('\n');

/** One that works. */
const hasDoor = ({routes, key, page, command, ssh}: Action): boolean =>
	routes.length > 0 || [key, page, command, ssh].some(door => typeof door === 'string');

const rolesText = (): string =>
	ROLES.map(role => {
		const titles = ACTION_LIST.filter(action => action.role === role && hasDoor(action)).map(({title}) => title);
		return row(role, titles.join('; ').replaceAll('’', "'"));
	}).join('\n');

export function topicText(name: TopicName): string {
	// Without the line ends at both ends; blanks at its beginning have a meaning.
	const text = TEXTS[name].slice(1, -1);
	if (name === 'keys') return `${keys()}\n\n${text}`;
	return name === 'accounts' ? `${text}\n\n# What each role may do besides\n\n${rolesText()}` : text;
}
