// The input mode of the terminal while the dashboard is shown: each key is read as it is pressed, and the terminal also reports
// the focus of its window, pasted text and the mouse.
import {ALL_OFF, INPUT_ON, MOUSE_OFF, MOUSE_ON} from '../input/modes.ts';

export interface InputModeOptions {
	readonly stdin: NodeJS.ReadStream;
	/** Writes a sequence to the terminal. */
	readonly write: (sequence: string) => unknown;
	/** Whether mouse reports are on from the start. */
	readonly mouse: boolean;
}

export interface InputMode {
	/** Whether keys can be read one by one. Without a keyboard the mode is never on. */
	readonly hasKeyboard: boolean;
	readonly turnOn: () => void;
	/** Turns it on again after another program had the terminal, and reads on. */
	readonly resume: () => void;
	readonly turnOff: () => void;
	/** Only ends raw mode, where the sequence that restores the terminal turns off the rest. */
	readonly endRawMode: () => void;
	readonly setMouse: (isOn: boolean) => void;
}

export function createInputMode({stdin, write, mouse}: InputModeOptions): InputMode {
	const hasKeyboard = stdin.isTTY === true && typeof stdin.setRawMode === 'function';
	let isOn = false;
	let isMouseOn = mouse;
	const turnOn = (): void => {
		if (!hasKeyboard) return;
		isOn = true;
		setRawMode(stdin, true);
		write(INPUT_ON + (isMouseOn ? MOUSE_ON : ''));
	};
	return {
		hasKeyboard,
		turnOn,
		resume() {
			// Node remembers the mode it has set, not the one that a shell has set since: only a change reaches the terminal.
			setRawMode(stdin, false);
			turnOn();
			if (hasKeyboard) stdin.resume();
		},
		turnOff() {
			if (!isOn) return;
			isOn = false;
			write(ALL_OFF);
			setRawMode(stdin, false);
		},
		endRawMode: () => setRawMode(stdin, false),
		setMouse(isMouseOnNow) {
			isMouseOn = isMouseOnNow;
			write(isMouseOn ? MOUSE_ON : MOUSE_OFF);
		},
	};
}

function setRawMode(stdin: NodeJS.ReadStream, isRaw: boolean): void {
	try {
		stdin.setRawMode?.(isRaw);
	} catch {
		// The terminal is gone, and needs no restoration.
	}
}
