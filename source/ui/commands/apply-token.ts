// Applies one input token to the current screen: token -> events that change the screen. A prompt and the palette handle keys
// first; the keymap gets the rest.

import {typedText} from '../input/key-names.ts';
import type {Token} from '../input/tokens.ts';
import {clamp} from '../terminal/viewport.ts';
import {type ActionContext, answerQuestion, performAction, performConfirmed, upload} from './actions.ts';
import {type Action, findAction, type KeyBinding} from './keymap.ts';
import {findCommands} from './palette.ts';
import {applyMouse, type ScreenMap} from './pointer.ts';
import {editText, pasteText} from './text-input.ts';
import {currentView, type UiEvent} from './ui-state.ts';

export interface InputContext extends ActionContext {
	readonly keymap: readonly KeyBinding[];
	readonly map: ScreenMap;
}

type Outcome = readonly UiEvent[];

const NOTHING: Outcome = [];

/** Work at any time, also during text input. */
const ALWAYS: readonly Action[] = ['stop', 'repaint', 'suspend'];
/** Work while a filter is typed, because their keys type nothing: the list can be browsed as it shrinks. */
const WHILE_FILTERING: readonly Action[] = ['up', 'down', 'page-up', 'page-down', 'first', 'last'];

export function applyToken(token: Token, context: InputContext): Outcome {
	switch (token.type) {
		case 'focus':
			return [{type: 'focus', isFocused: token.isFocused}];
		case 'mouse':
			return applyMouse(token, context, context.map);
		case 'paste':
			return applyPaste(token.text, context);
		case 'key':
			return applyKey(token.name, context);
	}
}

/** Pasted text is only text: without a text input it has no effect. */
function applyPaste(text: string, {ui}: InputContext): Outcome {
	if (ui.prompt?.type === 'filter') return [{type: 'type-filter', text: pasteText(ui.prompt.text, text)}];
	if (ui.prompt?.type === 'inbox-filter') return [{type: 'type-inbox-filter', text: pasteText(ui.prompt.text, text)}];
	if (ui.prompt?.type === 'search') return [{type: 'type-search', text: pasteText(ui.prompt.text, text)}];
	if (ui.prompt?.type === 'ask') return [{type: 'type-question', text: pasteText(ui.prompt.text, text)}];
	if (ui.prompt?.type === 'path') return [{type: 'type-path', text: pasteText(ui.prompt.text, text)}];
	if (ui.prompt === null && ui.overlay === 'palette') {
		return [{type: 'type-palette', text: pasteText(ui.palette.text, text)}];
	}
	return NOTHING;
}

function applyKey(name: string, context: InputContext): Outcome {
	const {ui, keymap} = context;
	const typed = typedText(name);
	// During text input, all keys of the main screen still work, but only those that type nothing.
	const action = findAction(name, ui.view, keymap);
	if (action !== undefined && typed === undefined && ALWAYS.includes(action)) return performAction(action, context);
	if (ui.prompt?.type === 'confirm') return applyAnswer(name, context);
	if (ui.prompt?.type === 'filter') return applyFilterKey(name, ui.prompt.text, action, context);
	if (ui.prompt?.type === 'inbox-filter') return applyInboxKey(name, ui.prompt.text, action, context);
	if (ui.prompt?.type === 'search') return applySearchKey(name, ui.prompt.text, action, context);
	if (ui.prompt?.type === 'ask') return applyQuestionKey(name, ui.prompt.text, context);
	if (ui.prompt?.type === 'path') return applyPathKey(name, ui.prompt.text, context);
	if (ui.overlay === 'palette') return applyPaletteKey(name, context);
	const bound = findAction(name, currentView(ui), keymap);
	return bound === undefined ? clearNotice(context) : performAction(bound, context);
}

/** Any key clears the notice, because it has been read. */
const clearNotice = ({ui}: InputContext): Outcome => (ui.notice === '' ? NOTHING : [{type: 'notify', notice: ''}]);

function applyAnswer(name: string, context: InputContext): Outcome {
	const {ui, keymap} = context;
	// Pressing q a second time confirms; cancelling files needs a different key.
	const isQuitAgain =
		ui.prompt?.type === 'confirm' && ui.prompt.intent.type === 'stop' && findAction(name, ui.view, keymap) === 'quit';
	if (name === 'y' || name === 'Y' || name === 'enter' || isQuitAgain) return performConfirmed(context);
	return name === 'n' || name === 'N' || name === 'escape' ? [{type: 'close-prompt'}] : NOTHING;
}

function applyFilterKey(name: string, text: string, action: Action | undefined, context: InputContext): Outcome {
	if (name === 'enter') return [{type: 'accept-filter'}];
	if (name === 'escape' || (name === 'backspace' && text === '')) return [{type: 'drop-filter'}];
	const edited = editText(text, name);
	if (edited !== undefined) return [{type: 'type-filter', text: edited}];
	return action !== undefined && WHILE_FILTERING.includes(action) ? performAction(action, context) : NOTHING;
}

function applySearchKey(name: string, text: string, action: Action | undefined, context: InputContext): Outcome {
	if (name === 'enter') return [{type: 'accept-search'}];
	if (name === 'escape' || (name === 'backspace' && text === '')) return [{type: 'drop-search'}];
	const edited = editText(text, name);
	if (edited !== undefined) return [{type: 'type-search', text: edited}];
	return action !== undefined && WHILE_FILTERING.includes(action) ? performAction(action, context) : NOTHING;
}

function applyInboxKey(name: string, text: string, action: Action | undefined, context: InputContext): Outcome {
	if (name === 'enter') return [{type: 'accept-inbox-filter'}];
	if (name === 'escape' || (name === 'backspace' && text === '')) return [{type: 'drop-inbox-filter'}];
	const edited = editText(text, name);
	if (edited !== undefined) return [{type: 'type-inbox-filter', text: edited}];
	return action !== undefined && WHILE_FILTERING.includes(action) ? performAction(action, context) : NOTHING;
}

function applyQuestionKey(name: string, text: string, context: InputContext): Outcome {
	if (name === 'enter') return answerQuestion(context);
	if (name === 'escape' || (name === 'backspace' && text === '')) return [{type: 'close-prompt'}];
	const edited = editText(text, name);
	return edited === undefined ? NOTHING : [{type: 'type-question', text: edited}];
}

function applyPathKey(name: string, text: string, context: InputContext): Outcome {
	if (name === 'enter') return text.trim() === '' ? [{type: 'close-prompt'}] : upload(text, context);
	if (name === 'escape' || (name === 'backspace' && text === '')) return [{type: 'close-prompt'}];
	const edited = editText(text, name);
	return edited === undefined ? NOTHING : [{type: 'type-path', text: edited}];
}

function applyPaletteKey(name: string, context: InputContext): Outcome {
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

/** Runs a command on the view under the palette, or, if the view lacks it, on the list. */
function runCommand({action, views}: KeyBinding, context: InputContext): Outcome {
	const {ui} = context;
	const {folder, hasInboxBeside = false} = context;
	const isOfRun = hasInboxBeside ? views.includes('files') : folder === null;
	const view = views.includes(ui.view) ? ui.view : isOfRun ? 'files' : 'inbox';
	const before: Outcome = view === ui.view ? [{type: 'close-overlay'}] : [{type: 'show-view', view}];
	// Nothing is known yet of a folder that is shown from now on.
	if (view === 'inbox' && folder === null) return before;
	return [...before, ...performAction(action, {...context, ui: {...ui, overlay: null, view}})];
}
