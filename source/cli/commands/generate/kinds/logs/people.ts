// Who uses the servers of the logs. The addresses are reserved for examples, so that they belong to nobody (RFC 5737, RFC 3849).

const encoder = new TextEncoder();

/** 64 of them. */
export const userNames: readonly Uint8Array[] = (
	'anna ben carla david emma felix greta hans ida jonas klara leon maria noah olga paul quentin rosa simon tina ' +
	'ulrich vera walter xenia yusuf zoe a.schmidt b.mueller c.weber d.fischer e.meyer f.wagner g.becker h.hoffmann ' +
	'i.koch j.bauer k.richter l.wolf m.neumann n.schwarz o.braun p.hofmann q.lang r.krause s.lehmann t.maier u.walter ' +
	'v.huber w.kaiser x.fuchs y.peters z.scholz backup deploy monitor jenkins import export report billing support ' +
	'guest test admin'
)
	.split(' ')
	.map(name => encoder.encode(name));

/** 1024 addresses, a quarter of them IPv6. */
export const clients: readonly Uint8Array[] = Array.from({length: 1024}, (_, index) => {
	// Consecutive clients have different addresses: 77 is odd, so each of the 256 numbers occurs once.
	const host = ((index >>> 2) * 77 + 11) & 255;
	const prefix = ['203.0.113.', '198.51.100.', '192.0.2.', '2001:db8::'][index & 3] ?? '';
	return encoder.encode(prefix + (prefix.endsWith(':') ? host.toString(16) : host));
});
