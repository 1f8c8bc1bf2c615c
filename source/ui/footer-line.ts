import {KEYMAP, type View} from './keymap.ts';
import {cutLine, fitItems, type Item, type Line, span} from './line.ts';
import type {Look} from './look.ts';

export interface FooterFacts {
	readonly view: View;
	readonly isRunOn: boolean;
	readonly isPaused: boolean;
	readonly isStopping: boolean;
	readonly notice: string;
	readonly isFollowing: boolean;
}

/** The last line: the keys of the view, unless there is something to say. */
export function buildFooter(facts: FooterFacts, columns: number, look: Look): Line {
	const {theme, glyphs} = look;
	const notice = facts.isStopping ? `Stopping ${glyphs.ellipsis} press q again to leave at once` : facts.notice;
	if (notice !== '') return cutLine([span(` ${notice}`, theme.warning)], columns, glyphs.ascii);
	return [span(' '), ...fitItems(footerItems(facts, look), columns - 2, 2)];
}

function footerItems({view, isRunOn, isPaused, isFollowing}: FooterFacts, {theme, glyphs}: Look): Item[] {
	const label = ([unicode, ascii]: readonly [string, string]) => (glyphs.ascii ? ascii : unicode);
	const item = (keys: string, word: string, priority: number): Item => ({
		line: [span(keys, theme.key), span(` ${word}`, theme.muted)],
		priority,
	});
	const arrows = glyphs.ascii ? 'j k' : '↑↓';
	const move = item(arrows, view === 'files' ? 'move' : 'scroll', 3);
	const bindings = KEYMAP.filter(({views, footerPriority, isForRun = false}) => {
		return views.includes(view) && footerPriority > 0 && (isRunOn || !isForRun);
	});
	const others = bindings.flatMap(({action, label: labels, short, footerPriority}) => {
		const [firstKey = ''] = label(labels).split(' ');
		if (action === 'back' && view === 'files')
			return isFollowing || !isRunOn ? [] : [item('Esc', 'follow', footerPriority)];
		if (action === 'back' && view === 'summary') return [];
		if (action === 'pause-run' && isPaused) return [item(firstKey, 'resume', footerPriority)];
		return [item(firstKey, short, footerPriority)];
	});
	const summary = view === 'files' && !isRunOn ? [item(glyphs.ascii ? 'Tab' : '⇥', 'summary', 7)] : [];
	return [move, ...others.slice(0, -2), ...summary, ...others.slice(-2)];
}
