// How a run is shown. These flags change neither what is processed nor the results.
import {parseFilter} from '../../../store/filter.ts';
import {joinWords} from '../join-words.ts';
import type {FlagDefinition} from './definition.ts';

/** Spelled like --color; `themeNameOf` gives the name of the theme in `ui/look/theme.ts`. */
const THEME_CHOICES = ['default', 'high-contrast', 'color-blind', 'mono'] as const;

const LOOK = ['run', 'config', 'replay'] as const;

function findFaultOfFilter(text: string): string | undefined {
	const parsed = parseFilter(text);
	return parsed.ok ? undefined : parsed.message;
}

export const LOOK_FLAGS = [
	{
		name: 'color',
		type: 'string',
		default: 'auto',
		choices: ['auto', 'always', 'never'],
		placeholder: '<when>',
		group: 'Look',
		description: 'Colours: auto, always or never',
		commands: LOOK,
		env: 'FILEPROC_COLOR',
		config: 'anywhere',
	},
	{
		name: 'ascii',
		type: 'boolean',
		default: null,
		defaultText: 'by locale',
		group: 'Look',
		description: 'No box drawing, no braille',
		commands: LOOK,
		env: 'FILEPROC_ASCII',
		config: 'anywhere',
	},
	{
		name: 'theme',
		type: 'string',
		default: 'default',
		choices: THEME_CHOICES,
		placeholder: '<name>',
		group: 'Look',
		description: joinWords(THEME_CHOICES, 'or'),
		commands: LOOK,
		env: 'FILEPROC_THEME',
		config: 'anywhere',
	},
	{
		name: 'background',
		type: 'string',
		default: 'auto',
		choices: ['auto', 'dark', 'light'],
		placeholder: '<kind>',
		group: 'Look',
		description: 'What the terminal draws on: auto (by COLORFGBG, else dark), dark or light',
		commands: LOOK,
		env: 'FILEPROC_BACKGROUND',
		config: 'anywhere',
	},
	{
		name: 'fps',
		type: 'integer',
		default: null,
		defaultText: '10, over SSH 4',
		minimum: 1,
		maximum: 60,
		placeholder: '<n>',
		group: 'Look',
		description: 'Frames a second, at most',
		commands: LOOK,
		env: 'FILEPROC_FPS',
		config: 'anywhere',
	},
	{
		name: 'alt-screen',
		type: 'boolean',
		default: true,
		group: 'Look',
		description: 'Draw below the prompt instead of on a screen of its own',
		commands: LOOK,
		env: 'FILEPROC_ALT_SCREEN',
		config: 'anywhere',
	},
	{
		name: 'mouse',
		type: 'boolean',
		default: true,
		group: 'Look',
		description: 'Leave the mouse to the terminal, to select text with it',
		commands: LOOK,
		env: 'FILEPROC_MOUSE',
		config: 'anywhere',
	},
	{
		name: 'title',
		type: 'boolean',
		default: true,
		group: 'Look',
		description: 'Leave the title and the progress of the window alone',
		commands: LOOK,
		env: 'FILEPROC_TITLE',
		config: 'anywhere',
	},
	{
		name: 'notify',
		type: 'string',
		default: 'auto',
		choices: ['auto', 'none', 'bell', 'osc9', 'osc777'],
		placeholder: '<how>',
		group: 'Look',
		description: 'Tell the end of a run over 10 s: auto, none, bell, osc9 or osc777',
		commands: LOOK,
		env: 'FILEPROC_NOTIFY',
		config: 'anywhere',
	},
	{
		name: 'screen-reader',
		type: 'boolean',
		default: null,
		defaultText: 'with ACCESSIBLE=1',
		group: 'Look',
		description: 'No dashboard; a line at each milestone, nothing that moves',
		commands: LOOK,
		env: 'FILEPROC_SCREEN_READER',
		config: 'own',
	},
	{
		name: 'filter',
		type: 'string',
		default: null,
		placeholder: '<terms>',
		group: 'Look',
		description: 'Of the files, list only these in the dashboard; all of them are processed',
		findFault: findFaultOfFilter,
		commands: LOOK,
		env: 'FILEPROC_FILTER',
		config: 'own',
	},
] as const satisfies readonly FlagDefinition[];
