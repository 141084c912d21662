// An OpenID Connect provider: node provider.mjs. The first line on standard output is its issuer.
// Then for each line on standard input, a list in JSON, one line comes back:
//   ["token", WHO, ALGORITHM]  an access token that it gave
//   ["forge", KIND]            a token like Jan's that it never gave
//   ["untyped"]                a token of Jan's that does not say that it is an access token
//   ["malleate", TOKEN]        the token with the other good signature of ES256, (r, n − s)
//   ["groups", WHO, GROUPS]    their groups from now on
//   ["asked"]                  how often its keys were asked for
//   ["away"], ["back"]         it stops answering, and answers again
import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import * as oidc from 'oidc-provider';

// What it says of itself is not an answer.
console.info = console.error;

const people = {
  jan: { email: 'Jan.Bos@overijssel.example', email_verified: true, name: 'Jan Bos', groups: ['moderatie', 'kantine'] },
  els: { email: 'els@overijssel.example', email_verified: true, name: 'E', groups: 'redactie' },
  ans: { email: 'an.smit@voorbeeld.example', email_verified: true, name: 'An Smit', locale: 'en-GB', groups: [] },
  bas: { email: 'bas@overijssel.example', email_verified: false, name: 'Bas', groups: ['moderatie'] },
};
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const elliptic = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const jwk = (pair, kid) => ({ ...pair.privateKey.export({ format: 'jwk' }), kid, use: 'sig' });

let asked = 0;
let answer = (_, response) => response.writeHead(503).end();
const server = createServer((request, response) => {
  if (request.url === '/jwks') asked += 1;
  answer(request, response);
});
await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
const issuer = `http://127.0.0.1:${server.address().port}`;

const provider = new oidc.Provider(issuer, {
  jwks: { keys: [jwk(rsa, 'rsa'), jwk(elliptic, 'elliptic')] },
  clients: Object.keys(people).map((who) => ({
    client_id: who,
    client_secret: `the secret of ${who}`,
    grant_types: ['client_credentials'],
    redirect_uris: [],
    response_types: [],
  })),
  extraTokenClaims: (_, token) => people[token.clientId],
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: (_, resource) => ({
        scope: 'api',
        audience: resource.startsWith('urn:other') ? 'other' : 'jij',
        accessTokenFormat: 'jwt',
        accessTokenTTL: 600,
        jwt: { sign: { alg: resource.split(':').pop() } },
      }),
    },
  },
});
const serve = provider.callback();
answer = serve;

const token = async (who, algorithm, resource = 'urn:jij') => {
  const response = await fetch(`${issuer}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${who}:${encodeURIComponent(`the secret of ${who}`)}`)}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', resource: `${resource}:${algorithm}` }),
  });
  const given = await response.json();
  if (!given.access_token) throw new Error(JSON.stringify(given));
  return given.access_token;
};

const encoded = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
const thief = generateKeyPairSync('rsa', { modulusLength: 2048 });
const forge = async (kind) => {
  const good = await token('jan', 'RS256');
  const [header, claims] = good.split('.').slice(0, 2).map((part) => JSON.parse(Buffer.from(part, 'base64url')));
  const signed = (head, body, key = rsa.privateKey) => {
    const message = `${encoded({ ...header, ...head })}.${encoded({ ...claims, ...body })}`;
    return `${message}.${sign('sha256', Buffer.from(message), key).toString('base64url')}`;
  };
  const hmac = (secret) => {
    const message = `${encoded({ ...header, alg: 'HS256' })}.${encoded(claims)}`;
    return `${message}.${createHmac('sha256', secret).update(message).digest('base64url')}`;
  };
  const now = claims.iat;
  const open = thief.publicKey.export({ format: 'jwk' });
  const kinds = {
    'another key': () => signed({}, {}, thief.privateKey),
    'another key in the header': () => signed({ jwk: open }, {}, thief.privateKey),
    'another key behind an address': () => signed({ jku: 'https://thief.example/jwks' }, {}, thief.privateKey),
    'no signature': () => `${good.split('.').slice(0, 2).join('.')}.`,
    'no algorithm': () => `${encoded({ ...header, alg: 'none' })}.${encoded(claims)}.`,
    'the public key as a secret': () => hmac(rsa.publicKey.export({ type: 'spki', format: 'pem' })),
    'the key of another algorithm': () => signed({ kid: 'elliptic' }, {}),
    'an unknown key': () => signed({ kid: `unknown ${Math.random()}` }, {}),
    'no key': () => signed({ kid: undefined }, {}),
    'RS384': () => signed({ alg: 'RS384' }, {}),
    'an identity token': () => signed({ typ: 'id_token+jwt' }, {}),
    'an identity token by its nonce': () => signed({ typ: 'JWT' }, { nonce: 'n' }),
    'an identity token by a hash': () => signed({ typ: undefined }, { at_hash: 'h' }),
    'an identity token of Keycloak': () => signed({ typ: 'JWT' }, { typ: 'ID' }),
    'bound to a key': () => signed({}, { cnf: { jkt: 'k' } }),
    'another audience': () => signed({}, { aud: 'other' }),
    'no audience': () => signed({}, { aud: undefined }),
    'another issuer': () => signed({}, { iss: 'https://login.example' }),
    'our issuer': () => signed({}, { iss: 'https://jij.example' }),
    'expired': () => signed({}, { iat: now - 1_200, exp: now - 600 }),
    'without an end': () => signed({}, { exp: undefined }),
    'an end in words': () => signed({}, { exp: `${now + 600}` }),
    'not yet': () => signed({}, { nbf: now + 120 }),
    'of tomorrow': () => signed({}, { iat: now + 86_400, exp: now + 90_000 }),
    'nobody': () => signed({}, { sub: '' }),
    'other claims': () => good.replace(/\.[^.]+\./, `.${encoded({ ...claims, groups: ['beheer'] })}.`),
    'trailing data': () => `${good}.x`,
  };
  if (kind === 'untyped') return signed({ typ: 'JWT' }, { jti: 'untyped' });
  if (kind === 'kinds') return Object.keys(kinds);
  return kinds[kind]();
};

const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const malleate = (good) => {
  const [header, claims, signature] = good.split('.');
  const bytes = Buffer.from(signature, 'base64url');
  const s = order - BigInt(`0x${bytes.subarray(32).toString('hex')}`);
  const other = Buffer.concat([bytes.subarray(0, 32), Buffer.from(s.toString(16).padStart(64, '0'), 'hex')]);
  return `${header}.${claims}.${other.toString('base64url')}`;
};

const orders = {
  token,
  forge,
  malleate,
  untyped: () => forge('untyped'),
  groups: (who, groups) => { people[who].groups = groups; return groups; },
  asked: () => asked,
  away: () => { answer = (_, response) => response.writeHead(503).end(); return 'away'; },
  back: () => { answer = serve; return 'back'; },
};
console.log(JSON.stringify(issuer));
for await (const line of createInterface({ input: process.stdin })) {
  const [order, ...rest] = JSON.parse(line);
  console.log(JSON.stringify(await orders[order](...rest)));
}
process.exit(0);
