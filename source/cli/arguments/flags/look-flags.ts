// How a run is shown. These flags change neither what is processed nor the results.
import {parseFilter} from '../../../store/filter.ts';
import {joinWords} from '../../../text/join-words.ts';
import {flagsOf} from './definition.ts';

/** Spelled like --color; `themeNameOf` gives the name of the theme in `ui/look/theme.ts`. */
const THEME_CHOICES = ['default', 'high-contrast', 'color-blind', 'mono'] as const;

const LOOK = ['run', 'config', 'replay', 'attach', 'watch'] as const;

function findFaultOfFilter(text: string): string | undefined {
	const parsed = parseFilter(text);
	return parsed.ok ? undefined : parsed.message;
}

export const LOOK_FLAGS = [
	...flagsOf({group: 'Look', commands: LOOK, config: 'anywhere'}, [
		{
			name: 'color',
			type: 'string',
			default: 'auto',
			choices: ['auto', 'always', 'never'],
			placeholder: '<when>',
			description: 'Colours: auto, always or never',
		},
		{
			name: 'ascii',
			type: 'boolean',
			default: null,
			defaultText: 'by locale',
			description: 'No box drawing, no braille',
		},
		{
			name: 'theme',
			type: 'string',
			default: 'default',
			choices: THEME_CHOICES,
			placeholder: '<name>',
			description: joinWords(THEME_CHOICES, 'or'),
		},
		{
			name: 'background',
			type: 'string',
			default: 'auto',
			choices: ['auto', 'dark', 'light'],
			placeholder: '<kind>',
			description: 'What the terminal draws on: auto (by COLORFGBG, else dark), dark or light',
		},
		{
			name: 'fps',
			type: 'integer',
			default: null,
			defaultText: '10, over SSH 4',
			minimum: 1,
			maximum: 60,
			placeholder: '<n>',
			description: 'Frames a second, at most',
		},
		{
			name: 'alt-screen',
			type: 'boolean',
			default: true,
			description: 'Draw below the prompt instead of on a screen of its own',
		},
		{
			name: 'mouse',
			type: 'boolean',
			default: true,
			description: 'Leave the mouse to the terminal, to select text with it',
		},
		{
			name: 'title',
			type: 'boolean',
			default: true,
			description: 'Leave the title and the progress of the window alone',
		},
		{
			name: 'notify',
			type: 'string',
			default: 'auto',
			choices: ['auto', 'none', 'bell', 'osc9', 'osc777'],
			placeholder: '<how>',
			description: 'Tell the end of a run over 10 s: auto, none, bell, osc9 or osc777',
		},
		{
			name: 'screen-reader',
			type: 'boolean',
			default: null,
			defaultText: 'with ACCESSIBLE=1',
			description: 'No dashboard; a line at each milestone, nothing that moves',
			config: 'own',
		},
		{
			name: 'filter',
			type: 'string',
			default: null,
			placeholder: '<terms>',
			description: 'Of the files, list only these in the dashboard; all of them are processed',
			findFault: findFaultOfFilter,
			config: 'own',
		},
	]),
] as const;
