// A company's identity provider on loopback: two employees, a group for each, whoever types a name is believed.
// argv: a JSON file of {port, key, certificate, redirectUri, clientSecret, groups: {name: [...]}, lifetime: file}.
// `lifetime` names a file that holds the seconds for which an ID token is good; it is read for each token.
import { readFileSync } from 'node:fs'
import https from 'node:https'
import { Provider } from 'oidc-provider'

const settings = JSON.parse(readFileSync(process.argv[2], 'utf8'))
const issuer = `https://127.0.0.1:${settings.port}`

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: 'chatbot',
      client_secret: settings.clientSecret,
      redirect_uris: [settings.redirectUri],
      post_logout_redirect_uris: [settings.redirectUri],
    },
  ],
  claims: { openid: ['sub'], profile: ['name', 'groups'], email: ['email'] },
  conformIdTokenClaims: false, // groups in the ID token itself, as company providers put them
  cookies: { keys: [settings.clientSecret] },
  findAccount: (_context, id) => ({
    accountId: id,
    claims: () => ({ sub: id, name: `${id} 様`, email: `${id}@corp.example`, groups: settings.groups[id] ?? [] }),
  }),
  ttl: { IdToken: () => Number(readFileSync(settings.lifetime, 'utf8')), Session: 3600, Grant: 3600 },
})

https
  .createServer({ key: readFileSync(settings.key), cert: readFileSync(settings.certificate) }, provider.callback())
  .listen(settings.port, '127.0.0.1', () => console.log(`listening: ${issuer}`))
