// Reads a page of the HTML report by a grammar that is stricter than HTML: every tag closed, every attribute in double quotes, only
// the elements, attributes and entities that the report uses. So anything that text from outside might add is an error.

export interface Element {
	readonly name: string;
	readonly attributes: ReadonlyMap<string, string>;
	readonly children: (Element | string)[];
}

const ATTRIBUTES: Readonly<Record<string, readonly string[]>> = {
	html: ['lang'],
	meta: ['name', 'content', 'charset', 'http-equiv'],
	strong: ['class'],
	span: ['class'],
	p: ['class'],
	div: ['class', 'role', 'tabindex', 'aria-label'],
	th: ['scope', 'class'],
	td: ['class'],
	svg: ['class', 'viewBox', 'role', 'aria-label', 'aria-hidden'],
	rect: ['x', 'y', 'width', 'height'],
	line: ['x1', 'x2', 'y1', 'y2'],
	text: ['x', 'y', 'text-anchor'],
	...Object.fromEntries(
		'head title style body header main section h1 h2 h3 dl dt dd table thead tbody tr figure figcaption'
			.split(' ')
			.map(name => [name, []]),
	),
};
const ENTITIES: Readonly<Record<string, string>> = {amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'"};
const CLASSES = /^(?:verdict|good|warning|bad|quiet|table|figure|bar|histogram|chart)$/;
const COORDINATE = /^-?\d+(?:\.\d+)?%?$/;

const TOKEN = /<(\/?)([a-z][a-z0-9]*)((?: [A-Za-z0-9-]+="[^"<>]*")*)(\/?)>|([^<>]+)/y;

/** @throws {Error} With the place where the page does not follow the grammar. */
export function parseHtml(page: string): Element {
	const doctype = '<!doctype html>\n';
	if (!page.startsWith(doctype)) throw new Error('The doctype is missing');
	const root: Element = {name: '(page)', attributes: new Map(), children: []};
	const open: Element[] = [root];
	let place = doctype.length;
	while (place < page.length) {
		TOKEN.lastIndex = place;
		const match = TOKEN.exec(page);
		const parent = open.at(-1);
		if (match === null || parent === undefined) throw new Error(`No tag and no text: ${page.slice(place, place + 80)}`);
		place = TOKEN.lastIndex;
		const [, isEnd, name = '', attributes = '', isClosed, text] = match;
		if (text !== undefined) parent.children.push(decode(text));
		else if (isEnd === '/') {
			if (parent.name !== name || attributes !== '') throw new Error(`</${name}> ends <${parent.name}>`);
			open.pop();
		} else {
			const element: Element = {name, attributes: readAttributes(name, attributes), children: []};
			parent.children.push(element);
			if (name !== 'meta' && isClosed !== '/') open.push(element);
		}
	}
	if (open.length > 1) throw new Error(`<${open.at(-1)?.name}> is not closed`);
	return root;
}

function readAttributes(name: string, text: string): ReadonlyMap<string, string> {
	const allowed = ATTRIBUTES[name];
	if (allowed === undefined) throw new Error(`The element <${name}> is not one of the report's`);
	const pairs = Array.from(
		text.matchAll(/ ([\w-]+)="([^"]*)"/g),
		([, key = '', value = '']) => [key, decode(value)] as const,
	);
	for (const [key, value] of pairs) {
		const isNumber = ['rect', 'line', 'text'].includes(name) && key !== 'text-anchor';
		const isKnown = key === 'class' ? CLASSES.test(value) : !isNumber || COORDINATE.test(value);
		if (!allowed.includes(key) || !isKnown) throw new Error(`<${name} ${key}="${value}"> is not one of the report's`);
	}
	if (new Set(pairs.map(([key]) => key)).size < pairs.length) throw new Error(`<${name}> has an attribute twice`);
	return new Map(pairs);
}

const decode = (text: string): string =>
	text.replace(/&([^;&]*;?)/g, (_whole, entity: string) => {
		const character = ENTITIES[entity.slice(0, -1)];
		if (character === undefined || !entity.endsWith(';')) throw new Error(`Not an entity of the report: &${entity}`);
		return character;
	});

export function findAll(element: Element, name: string): Element[] {
	const children = element.children.filter(child => typeof child !== 'string');
	return children.flatMap(child => [...(child.name === name ? [child] : []), ...findAll(child, name)]);
}

export const textOf = (element: Element): string =>
	element.children.map(child => (typeof child === 'string' ? child : textOf(child))).join('');

/** The tables of the page by their names, as texts of cells; every row has as many cells as the head. */
export function readTables(page: Element): ReadonlyMap<string, readonly (readonly string[])[]> {
	const wrappers = findAll(page, 'div').filter(div => div.attributes.get('class') === 'table');
	return new Map(
		wrappers.map(wrapper => {
			const rows = findAll(wrapper, 'tr').map(row => [...findAll(row, 'th'), ...findAll(row, 'td')].map(textOf));
			if (new Set(rows.map(({length}) => length)).size !== 1)
				throw new Error('A row has more or fewer cells than others');
			return [wrapper.attributes.get('aria-label') ?? '', rows];
		}),
	);
}
