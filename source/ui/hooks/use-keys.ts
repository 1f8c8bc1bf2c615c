import {useInput, useStdin} from 'ink';
import {nameKeys} from '../keymap.ts';

/** Calls back with the name of every key pressed. Without a keyboard (no raw mode) there are none, and nothing fails. */
export function useKeys(onKey: (keyName: string) => void): void {
	const {isRawModeSupported} = useStdin();
	useInput(
		(input, key) => {
			for (const keyName of nameKeys(input, key)) onKey(keyName);
		},
		{isActive: isRawModeSupported},
	);
}
