import {KEYMAP} from '../../ui/keymap.ts';

/** What keys can be given to. */
export const ACTION_NAMES: readonly string[] = [...new Set(KEYMAP.map(({action}) => action))];
