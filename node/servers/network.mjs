// The AT Protocol network that the connector tests run against, on loopback. Started by tools/at_network.py.
// MODE=full: PLC directory, PDS, Bluesky AppView, Ozone, bsync (needs DB_POSTGRES_URL, DB_POSTGRES_SCHEMA, REDIS_HOST).
// MODE=pds: PLC directory (in memory) and PDS only.
// Ports come from PLC_PORT, PDS_PORT, BSKY_PORT, OZONE_PORT. Prints one line of JSON when all answer.
import { TestNetwork, TestNetworkNoAppView, mockMailer } from '@atproto/dev-env'

const port = (name) => Number(process.env[name])
const plc = { port: port('PLC_PORT') }
// Sessions carry the DID document, as on the real network: clients learn from it where the repository lives.
const pds = { port: port('PDS_PORT'), hostname: 'localhost', enableDidDocWithSession: true }

const full = process.env.MODE !== 'pds'
const network = full
  ? await TestNetwork.create({
      plc,
      pds,
      bsky: { port: port('BSKY_PORT'), publicUrl: `http://localhost:${port('BSKY_PORT')}` },
      ozone: { port: port('OZONE_PORT') },
    })
  : await TestNetworkNoAppView.create({ plc, pds })
mockMailer(network.pds)

const urls = { plc: network.plc.url, pds: network.pds.url, appview: full ? network.bsky.url : '' }
console.log(JSON.stringify({ ready: true, ...urls }))

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, async () => {
    await network.close()
    process.exit(0)
  })
}
