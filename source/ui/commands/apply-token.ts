// One token of input on the screen as it is now -> how the screen changes. A prompt and the palette have the first word;
// what they don't want goes to the keymap.

import {typedText} from '../input/key-names.ts';
import type {Token} from '../input/tokens.ts';
import {clamp} from '../terminal/viewport.ts';
import {type ActionContext, fulfil, performAction} from './actions.ts';
import {type Action, findAction, type KeyBinding} from './keymap.ts';
import {findCommands} from './palette.ts';
import {type ScreenMap, takeMouse} from './pointer.ts';
import {editText, pasteText} from './text-input.ts';
import {currentView, type UiEvent} from './ui-state.ts';

export interface InputContext extends ActionContext {
	readonly keymap: readonly KeyBinding[];
	readonly map: ScreenMap;
}

type Outcome = readonly UiEvent[];

const NOTHING: Outcome = [];

/** Obeyed at any time, also while someone types. */
const ALWAYS: readonly Action[] = ['stop', 'repaint', 'suspend'];
/** Obeyed while a filter is typed, by keys that type nothing: the list is looked through as it shrinks. */
const WHILE_FILTERING: readonly Action[] = ['up', 'down', 'page-up', 'page-down', 'first', 'last'];

export function takeToken(token: Token, context: InputContext): Outcome {
	switch (token.type) {
		case 'focus':
			return [{type: 'focus', isFocused: token.isFocused}];
		case 'mouse':
			return takeMouse(token, context, context.map);
		case 'paste':
			return takePaste(token.text, context);
		case 'key':
			return takeKey(token.name, context);
	}
}

/** Pasted text is text: where none is asked for, nothing comes of it. */
function takePaste(text: string, {ui}: InputContext): Outcome {
	if (ui.prompt?.type === 'filter') return [{type: 'type-filter', text: pasteText(ui.prompt.text, text)}];
	if (ui.prompt === null && ui.overlay === 'palette') {
		return [{type: 'type-palette', text: pasteText(ui.palette.text, text)}];
	}
	return NOTHING;
}

function takeKey(name: string, context: InputContext): Outcome {
	const {ui, keymap} = context;
	const typed = typedText(name);
	// Even while someone types, all keys of the main screen are known, but only those that type nothing.
	const action = findAction(name, ui.view, keymap);
	if (action !== undefined && typed === undefined && ALWAYS.includes(action)) return performAction(action, context);
	if (ui.prompt?.type === 'confirm') return takeAnswer(name, context);
	if (ui.prompt?.type === 'filter') return takeFilterKey(name, ui.prompt.text, action, context);
	if (ui.overlay === 'palette') return takePaletteKey(name, context);
	const bound = findAction(name, currentView(ui), keymap);
	return bound === undefined ? dropNotice(context) : performAction(bound, context);
}

/** Any key says that what was told has been read. */
const dropNotice = ({ui}: InputContext): Outcome => (ui.notice === '' ? NOTHING : [{type: 'notify', notice: ''}]);

function takeAnswer(name: string, context: InputContext): Outcome {
	const {ui, keymap} = context;
	// Whoever presses q for the second time means it; to cancel files takes a key of its own.
	const isAgain =
		ui.prompt?.type === 'confirm' && ui.prompt.intent.type === 'stop' && findAction(name, ui.view, keymap) === 'quit';
	if (name === 'y' || name === 'Y' || name === 'enter' || isAgain) return fulfil(context);
	return name === 'n' || name === 'N' || name === 'escape' ? [{type: 'close-prompt'}] : NOTHING;
}

function takeFilterKey(name: string, text: string, action: Action | undefined, context: InputContext): Outcome {
	if (name === 'enter') return [{type: 'accept-filter'}];
	if (name === 'escape' || (name === 'backspace' && text === '')) return [{type: 'drop-filter'}];
	const edited = editText(text, name);
	if (edited !== undefined) return [{type: 'type-filter', text: edited}];
	return action !== undefined && WHILE_FILTERING.includes(action) ? performAction(action, context) : NOTHING;
}

function takePaletteKey(name: string, context: InputContext): Outcome {
	const {ui, keymap} = context;
	const {text, index} = ui.palette;
	const commands = findCommands(text, keymap);
	const last = Math.max(0, commands.length - 1);
	const page = Math.max(1, context.text.height - 2);
	switch (name) {
		case 'escape':
			return [{type: 'close-overlay'}];
		case 'enter': {
			const command = commands[clamp(index, 0, last)];
			return command === undefined ? NOTHING : runCommand(command, context);
		}
		case 'up':
		case 'ctrl+p':
			return [{type: 'move-palette', index: clamp(index - 1, 0, last)}];
		case 'down':
		case 'tab':
		case 'ctrl+n':
			return [{type: 'move-palette', index: clamp(index + 1, 0, last)}];
		case 'pageup':
			return [{type: 'move-palette', index: clamp(index - page, 0, last)}];
		case 'pagedown':
			return [{type: 'move-palette', index: clamp(index + page, 0, last)}];
		case 'backspace':
			if (text === '') return [{type: 'close-overlay'}];
	}
	const edited = editText(text, name);
	return edited === undefined ? NOTHING : [{type: 'type-palette', text: edited}];
}

/** Runs a command on the view under the palette, or, if it is none for that, on the list. */
function runCommand({action, views}: KeyBinding, context: InputContext): Outcome {
	const {ui} = context;
	const view = views.includes(ui.view) ? ui.view : 'files';
	const before: Outcome = view === ui.view ? [{type: 'close-overlay'}] : [{type: 'show-view', view}];
	const after = performAction(action, {...context, ui: {...ui, overlay: null, view}});
	return [...before, ...after];
}
