// A real OpenID Connect provider, for the tests of single sign-on. Started by tools/identity_provider.py, on loopback.
// PORT: where it listens. SITE: the product's origin, which it sends people back to. Prints one line of JSON when it answers.
// Anybody signs in with their name and any password; its own plain forms ask for both, and for consent.
import Provider from 'oidc-provider'

const { PORT, SITE, CLIENT_SECRET } = process.env
const issuer = `http://127.0.0.1:${PORT}`
const back = `${SITE}/sign-in/with/city`

// Who is in which groups can be changed while it runs: POST /test/people {name: {claims}}.
const people = {
  rosa: { name: 'Rosa Lindqvist', email: 'rosa@city.example', email_verified: true, groups: ['Social Media'] },
  dev: { name: 'Dev Patel', email: 'dev@city.example', email_verified: true, groups: [] },
  mallory: { name: 'Mallory', email: 'rosa@city.example', email_verified: false, groups: ['Social Media'] },
}

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: 'rostrum',
      client_secret: CLIENT_SECRET,
      redirect_uris: [`${back}/callback/`],
      post_logout_redirect_uris: [`${SITE}/sign-in/`],
      backchannel_logout_uri: `${back}/signed-out/`,
      backchannel_logout_session_required: true,
      grant_types: ['authorization_code'],
    },
  ],
  scopes: ['openid', 'email', 'profile', 'groups'],
  claims: { openid: ['sub', 'sid'], email: ['email', 'email_verified'], profile: ['name'], groups: ['groups'] },
  pkce: { required: () => true },
  cookies: { keys: ['only for tests'] },
  features: {
    devInteractions: { enabled: true },
    backchannelLogout: { enabled: true },
    rpInitiatedLogout: { enabled: true },
  },
  // The product is on loopback here, which the provider refuses to call by default.
  fetch: (url, { dispatcher, ...options }) => globalThis.fetch(url, options),
  async findAccount(_, id) {
    return people[id] && { accountId: id, claims: async () => ({ sub: id, ...people[id] }) }
  },
})

// What went wrong in telling the product of a sign-out; the test's log shows it.
provider.on('backchannel.error', (_, problem) => console.log('back-channel:', problem))

provider.use(async (ctx, next) => {
  if (ctx.path !== '/test/people') return next()
  let body = ''
  for await (const part of ctx.req) body += part
  for (const [name, claims] of Object.entries(JSON.parse(body))) people[name] = { ...people[name], ...claims }
  ctx.status = 204
})

const server = provider.listen(Number(PORT), '127.0.0.1', () => console.log(JSON.stringify({ ready: true, issuer })))
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => server.close(() => process.exit(0)))
