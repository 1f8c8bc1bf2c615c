// All keys of the dashboard: their actions, the footer, the help, the palette and `help keys` all come from this table.
// Names of keys are those of `input/key-names.ts`.
import type {RunControl} from '../../model/run-control.ts';
import {labelKeys} from '../input/key-names.ts';

/** Views that fill the screen. The first four follow each other; the others appear when needed. */
export type View = MainView | Overlay;
export type MainView = 'files' | 'details' | 'overview' | 'log' | 'summary' | 'history' | 'inbox';
/** Overlays over a view; closing one shows the view again. */
export type Overlay = 'help' | 'palette' | 'answer' | 'columns' | 'column' | 'routes' | 'taskless';

export const ACTIONS = [
	'up',
	'down',
	'page-up',
	'page-down',
	'first',
	'last',
	'open',
	'back',
	'filter',
	'ask',
	'columns',
	'sort',
	'sort-direction',
	'mark',
	'mark-all',
	'next-view',
	'previous-view',
	'view-files',
	'view-details',
	'view-overview',
	'view-log',
	'view-history',
	'view-inbox',
	'pause-run',
	'pause-file',
	'cancel',
	'retry',
	'retry-all',
	'route',
	'upload',
	'start',
	'more-at-once',
	'fewer-at-once',
	'export',
	'export-rejects',
	'copy',
	'palette',
	'mouse',
	'help',
	'repaint',
	'suspend',
	'quit',
	'stop',
] as const;

export type Action = (typeof ACTIONS)[number];

export interface KeyBinding {
	readonly action: Action;
	readonly keys: readonly string[];
	/** The keys as shown; the second form is for `--ascii`. */
	readonly label: readonly [unicode: string, ascii: string];
	/** A word or two for the footer. */
	readonly short: string;
	readonly help: string;
	readonly views: readonly View[];
	/** Priority in the footer when not all fit: the highest stays longest. 0 is never shown. */
	readonly footerPriority: number;
	/** Only while the run is on. */
	readonly isForRun: boolean;
}

type Spec = Pick<KeyBinding, 'keys' | 'help'> &
	Partial<Pick<KeyBinding, 'short' | 'views' | 'footerPriority' | 'isForRun'>>;

const main: readonly View[] = ['files', 'details', 'overview', 'log', 'summary', 'history', 'inbox'];
const everywhere: readonly View[] = [...main, 'help', 'answer', 'columns', 'column', 'routes', 'taskless'];
const list: readonly View[] = ['files'];
const lists: readonly View[] = ['files', 'columns', 'inbox'];
const aboutFiles: readonly View[] = ['files', 'details'];
const searched: readonly View[] = ['files', 'history', 'inbox'];

/** In the order of the help; the footer keeps it. Unless stated otherwise, a key works in every view. */
const specs: Readonly<Record<Action, Spec>> = {
	up: {keys: ['up', 'k'], help: 'One line up'},
	down: {keys: ['down', 'j'], help: 'One line down'},
	'page-up': {keys: ['pageup', 'ctrl+b'], help: 'One page up'},
	'page-down': {keys: ['pagedown', 'ctrl+f'], help: 'One page down'},
	first: {keys: ['g', 'home'], help: 'To the beginning'},
	last: {keys: ['G', 'end'], help: 'To the end'},
	open: {
		keys: ['enter'],
		short: 'details',
		help: 'Show everything about the file, the column or the past run',
		views: ['files', 'summary', 'columns', 'history', 'inbox', 'routes', 'taskless'],
		footerPriority: 8,
	},
	back: {
		keys: ['escape', 'left'],
		short: 'back',
		help: 'Back; in the list: all files, no marks, follow the running ones',
		footerPriority: 7,
	},
	filter: {
		keys: ['/'],
		short: 'filter',
		help: 'Show some files or past runs: text, status:failed, size>1GB, rows>9, !word, since:2026-11-01',
		views: searched,
		footerPriority: 5,
	},
	ask: {
		keys: ['A'],
		short: 'ask',
		help: 'Ask about this file, which is read again: sum amount by category where amount > 100',
		views: [...aboutFiles, 'answer'],
		footerPriority: 1,
	},
	columns: {
		keys: ['c'],
		short: 'columns',
		help: 'The columns of the table, to sort and open',
		views: ['details', 'overview', 'summary'],
		footerPriority: 2,
	},
	sort: {keys: ['s'], short: 'sort', help: 'Sort by the next column or figure', views: lists, footerPriority: 3},
	'sort-direction': {keys: ['S'], help: 'Sort the other way round', views: lists},
	mark: {keys: ['space'], short: 'mark', help: 'Mark the file, or take its mark away', views: list, footerPriority: 2},
	'mark-all': {keys: ['a'], help: 'Mark all files shown, or take their marks away', views: list},
	'next-view': {keys: ['tab'], short: 'next view', help: 'The next view', views: main, footerPriority: 4},
	'previous-view': {keys: ['shift+tab'], help: 'The view before', views: main},
	'view-files': {keys: ['1', 'f'], short: 'files', help: 'The list of files', views: main},
	'view-details': {keys: ['2'], help: 'Everything about the file under the cursor', views: main},
	'view-overview': {keys: ['3'], help: 'The figures of the whole run', views: main},
	'view-log': {keys: ['4'], help: 'What happened, line by line', views: main},
	'view-history': {
		keys: ['5'],
		help: 'Past runs or tasks, to be opened; r there reads failed files again, as a new run',
		views: main,
	},
	'view-inbox': {
		keys: ['6', 'i'],
		short: 'inbox',
		help: 'In a watched folder: its files, and how it is doing',
		views: main,
	},
	'pause-run': {
		keys: ['p'],
		short: 'pause',
		help: 'Pause the run, or go on with it',
		footerPriority: 6,
		isForRun: true,
	},
	'pause-file': {
		keys: ['P'],
		short: 'pause file',
		help: 'Pause this file, or go on with it',
		views: aboutFiles,
		footerPriority: 1,
		isForRun: true,
	},
	cancel: {
		keys: ['x'],
		short: 'cancel',
		help: 'Cancel the marked files or this one; asks first',
		views: aboutFiles,
		footerPriority: 4,
		isForRun: true,
	},
	retry: {
		keys: ['r'],
		short: 'retry',
		help: 'Retry the marked, this or all failed files, also after the run; asks about several',
		views: [...aboutFiles, 'summary', 'inbox'],
		footerPriority: 5,
	},
	'retry-all': {
		keys: ['R'],
		short: 'retry all',
		help: 'In a watched folder: retry all failed files; asks first',
		views: ['inbox'],
		footerPriority: 3,
		isForRun: true,
	},
	route: {
		keys: ['t'],
		short: 'route',
		help: 'In a watched folder: retry the failed file on a route of your choice',
		views: ['inbox'],
		footerPriority: 4,
		isForRun: true,
	},
	upload: {
		keys: ['u'],
		short: 'send files',
		help: 'Send a file or a folder of this machine to the server',
		views: list,
		footerPriority: 3,
	},
	start: {
		keys: ['n'],
		short: 'start',
		help: 'On a server: the files without a task, to start one by Enter',
		views: list,
		footerPriority: 2,
	},
	'more-at-once': {keys: ['+', '='], help: 'Process one more file at a time', views: main, isForRun: true},
	'fewer-at-once': {keys: ['-'], help: 'Process one file fewer at a time', views: main, isForRun: true},
	export: {keys: ['e'], help: 'Write the report to a file; on a server: the result of this task', views: main},
	'export-rejects': {
		keys: ['E'],
		help: 'On a server: write the rejected records of this task to a file',
		views: ['files', 'details', 'history'],
	},
	copy: {
		keys: ['y'],
		short: 'copy',
		help: 'Copy the marked names or this one; in a view of text, the text',
		views: [...main, 'answer', 'columns', 'column'],
	},
	palette: {keys: [':'], help: 'Find a command by its name', views: main},
	mouse: {keys: ['m'], help: 'Leave the mouse to the terminal to select text, or take it back'},
	help: {keys: ['?'], short: 'help', help: 'Show or leave this help', footerPriority: 9},
	repaint: {keys: ['ctrl+l'], help: 'Paint the screen anew'},
	suspend: {keys: ['ctrl+z'], help: 'Stop the program for the shell; fg comes back to it'},
	quit: {
		keys: ['q'],
		short: 'quit',
		help: 'Leave; during a run it asks, and then cancels what is left',
		footerPriority: 10,
	},
	stop: {keys: ['ctrl+c'], help: 'Stop the run, keeping what is done; a second time: leave at once'},
};

/** What there is in a watched folder alone, and what there is not. */
export const FOR_WATCHED: readonly Action[] = ['view-inbox', 'retry-all', 'route'];
export const NOT_FOR_WATCHED: readonly Action[] = [
	...(['mark', 'mark-all', 'ask', 'view-history', 'pause-file', 'cancel'] as const),
	...(['more-at-once', 'fewer-at-once', 'export'] as const),
];

/** Custom keys that replace those of an action; several for each action. */
export type KeyOverrides = Readonly<Partial<Record<Action, readonly string[]>>>;

/**
@param unavailable - Actions without a key, which are left out of help, footer and palette.
@param onlyIn - Actions that have a meaning in some of their views alone.
*/
export const createKeymap = (
	overrides: KeyOverrides = {},
	unavailable: readonly Action[] = [],
	onlyIn: Readonly<Partial<Record<Action, readonly View[]>>> = {},
): readonly KeyBinding[] =>
	ACTIONS.filter(action => !unavailable.includes(action)).map(action => {
		const spec = specs[action];
		const keys = overrides[action] ?? spec.keys;
		return {
			short: '',
			views: everywhere,
			footerPriority: 0,
			isForRun: false,
			...spec,
			...(onlyIn[action] !== undefined && {views: onlyIn[action]}),
			action,
			keys,
			label: [labelKeys(keys, false), labelKeys(keys, true)] as const,
		};
	});

export const KEYMAP: readonly KeyBinding[] = createKeymap();

/** What there is on a server alone. */
export const missingIn = ({upload, taskless, save}: RunControl): readonly Action[] => [
	...(upload === undefined ? (['upload'] as const) : []),
	...(taskless === undefined ? (['start'] as const) : []),
	...(save === undefined ? (['export-rejects'] as const) : []),
];

export const findAction = (keyName: string, view: View, keymap: readonly KeyBinding[] = KEYMAP): Action | undefined =>
	keymap.find(({keys, views}) => keys.includes(keyName) && views.includes(view))?.action;
