// Every key of the dashboard, once: what the keys do, the footer and the help are all read from this table.
import type {Key} from 'ink';

export type View = 'files' | 'details' | 'help' | 'summary';

export type Action =
	| 'up'
	| 'down'
	| 'page-up'
	| 'page-down'
	| 'first'
	| 'last'
	| 'open'
	| 'back'
	| 'switch-view'
	| 'pause-run'
	| 'pause-file'
	| 'cancel-file'
	| 'retry'
	| 'help'
	| 'quit';

export interface KeyBinding {
	readonly action: Action;
	/** Names as `nameKey` gives them. */
	readonly keys: readonly string[];
	/** The keys as they are shown; the second form is for `--ascii`. */
	readonly label: readonly [unicode: string, ascii: string];
	/** A word or two for the footer. */
	readonly short: string;
	readonly help: string;
	readonly views: readonly View[];
	/** Where it stands in the footer when not all fit: the highest stays longest. 0 is never there. */
	readonly footerPriority: number;
	/** Only while the run is on. */
	readonly isForRun?: boolean;
}

const everywhere: readonly View[] = ['files', 'details', 'help', 'summary'];

export const KEYMAP: readonly KeyBinding[] = [
	{
		action: 'up',
		keys: ['up', 'k'],
		label: ['↑ k', 'Up k'],
		short: '',
		help: 'One line up',
		views: everywhere,
		footerPriority: 0,
	},
	{
		action: 'down',
		keys: ['down', 'j'],
		label: ['↓ j', 'Down j'],
		short: '',
		help: 'One line down',
		views: everywhere,
		footerPriority: 0,
	},
	{
		action: 'page-up',
		keys: ['pageup', 'ctrl+b'],
		label: ['PgUp Ctrl+b', 'PgUp Ctrl+b'],
		short: '',
		help: 'One page up',
		views: everywhere,
		footerPriority: 0,
	},
	{
		action: 'page-down',
		keys: ['pagedown', 'ctrl+f'],
		label: ['PgDn Ctrl+f', 'PgDn Ctrl+f'],
		short: '',
		help: 'One page down',
		views: everywhere,
		footerPriority: 0,
	},
	{
		action: 'first',
		keys: ['g', 'home'],
		label: ['g Home', 'g Home'],
		short: '',
		help: 'To the beginning',
		views: everywhere,
		footerPriority: 0,
	},
	{
		action: 'last',
		keys: ['G', 'end'],
		label: ['G End', 'G End'],
		short: '',
		help: 'To the end',
		views: everywhere,
		footerPriority: 0,
	},
	{
		action: 'open',
		keys: ['enter'],
		label: ['⏎', 'Enter'],
		short: 'details',
		help: 'Show everything about the file',
		views: ['files'],
		footerPriority: 8,
	},
	{
		action: 'switch-view',
		keys: ['tab', 'f', 'enter'],
		label: ['⇥ f', 'Tab f'],
		short: 'files',
		help: 'From the summary to the list of files',
		views: ['summary'],
		footerPriority: 8,
	},
	{
		action: 'switch-view',
		keys: ['tab'],
		label: ['⇥', 'Tab'],
		short: 'summary',
		help: 'Once the run has ended: from the files to the summary',
		views: ['files'],
		footerPriority: 0,
	},
	{
		action: 'back',
		keys: ['escape', 'left'],
		label: ['Esc ←', 'Esc Left'],
		short: 'back',
		help: 'Back; in the list: follow the running files again',
		views: everywhere,
		footerPriority: 7,
	},
	{
		action: 'pause-run',
		keys: ['p'],
		label: ['p', 'p'],
		short: 'pause',
		help: 'Pause the run, or go on with it',
		views: everywhere,
		footerPriority: 6,
		isForRun: true,
	},
	{
		action: 'pause-file',
		keys: ['P'],
		label: ['P', 'P'],
		short: 'pause file',
		help: 'Pause this file, or go on with it',
		views: ['files', 'details'],
		footerPriority: 2,
		isForRun: true,
	},
	{
		action: 'cancel-file',
		keys: ['x'],
		label: ['x', 'x'],
		short: 'cancel',
		help: 'Cancel this file',
		views: ['files', 'details'],
		footerPriority: 4,
		isForRun: true,
	},
	{
		action: 'retry',
		keys: ['r'],
		label: ['r', 'r'],
		short: 'retry',
		help: 'Retry this file if it failed, else all that failed',
		views: ['files', 'details'],
		footerPriority: 5,
		isForRun: true,
	},
	{
		action: 'help',
		keys: ['?'],
		label: ['?', '?'],
		short: 'help',
		help: 'Show or leave this help',
		views: everywhere,
		footerPriority: 9,
	},
	{
		action: 'quit',
		keys: ['q', 'ctrl+c'],
		label: ['q Ctrl+c', 'q Ctrl+c'],
		short: 'quit',
		help: 'Leave; during a run: cancel it, a second time leave at once',
		views: everywhere,
		footerPriority: 10,
	},
];

export const findAction = (keyName: string, view: View): Action | undefined =>
	KEYMAP.find(({keys, views}) => keys.includes(keyName) && views.includes(view))?.action;

/** Longer input that comes at once is a paste, not typing: nothing of it is obeyed. */
const TYPED_AT_ONCE = 16;

/** The names of the keys in one piece of input. Over a slow link, several key presses arrive together. */
export function nameKeys(input: string, key: Key): string[] {
	if (key.upArrow) return ['up'];
	if (key.downArrow) return ['down'];
	if (key.leftArrow) return ['left'];
	if (key.rightArrow) return ['right'];
	if (key.pageUp) return ['pageup'];
	if (key.pageDown) return ['pagedown'];
	if (key.home) return ['home'];
	if (key.end) return ['end'];
	if (key.return) return ['enter'];
	if (key.escape) return ['escape'];
	if (key.tab) return ['tab'];
	if (key.meta) return [];
	if (key.ctrl) return [`ctrl+${input}`];
	return input.length > TYPED_AT_ONCE ? [] : [...input].map(character => (character === '\r' ? 'enter' : character));
}
