import os, psycopg, pytest, json
from sqlalchemy import event
from tests.performance import crowd
from tests.performance.test_reading import LISTS, PEOPLE, _rows, GROWING
from tests import making
from tenants.pools import actions as pools

def big(n, path=""):
    me = f'{path}/{n["Node Type"]}:{n.get("Relation Name","")}:{n.get("Index Name","")}:{n.get("Index Cond","")}|{n.get("Filter","")}|{n.get("Join Filter","")}'
    r = (n["Actual Rows"]+n.get("Rows Removed by Filter",0)+n.get("Rows Removed by Join Filter",0))*n["Actual Loops"]
    if r > 600 and (n.get("Relation Name") in GROWING or "Join Type" in n): yield r, n["Plan Rows"], n["Actual Loops"], me.rsplit("/",1)[1][:260]
    for b in n.get("Plans",[]): yield from big(b, me)

async def test_it(database, servers):
    made = await making.organisation(database)
    launched = await making.programme(database, made)
    async with database.tenant_session(made.coordinator.context()) as s:
        await pools.ensure_pool(s, made.coordinator, launched.cycle.id)
        cyc, prog = launched.cycle.id, launched.cycle.programme_id
    url = servers.postgres.admin_url("mentorweave").replace("+psycopg", "")
    crowd.fill(url, made.id, people=PEOPLE)
    pattern = crowd.Pattern(made.id, prog, cyc)
    first = 1
    async def check(label):
        bad = 0
        for name, read in LISTS.items():
            async with database.tenant_session(made.coordinator.context()) as session:
                connection = await session.connection(); plans=[]
                def explained(_c, cursor, statement, given, *_):
                    cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", given)
                    plans.append(cursor.fetchone()[0][0]["Plan"])
                event.listen(connection.sync_connection, "before_cursor_execute", explained)
                await read(session, made.coordinator)
            for p in plans:
                for x in big(p):
                    bad += 1; print("  BAD", label, name, *x)
        print("==", label, "bad", bad, flush=True)
    crowd.settle(url); await check("alone")
    def execute(q):
        with psycopg.connect(url, autocommit=True) as c: c.execute(q)
    for orgs, ppl in [(50,3),(250,1),(1000,1),(5000,1),(500,6)]:
        crowd.found(url, pattern, organisations=orgs, people=ppl, first=first); first += orgs
        execute("ANALYZE"); await check(f"{first} orgs +{orgs}x{ppl} analyze")
        execute("VACUUM (ANALYZE)"); await check(f"{first} orgs +{orgs}x{ppl} vacuum")
    # many dead: pages few believed
    for t in ("participation","person","relationship","proposal"):
        for stale in (0, 1):
            execute(f"UPDATE pg_class SET reltuples={'0' if stale else '-1'}, relpages={'1' if stale else '0'} WHERE relname='{t}'")
            await check(f"{t} stale {stale}")
        execute("VACUUM (ANALYZE) " + t)
        execute(f"DELETE FROM pg_statistic WHERE starelid='{t}'::regclass"); await check(f"{t} no stats")
        execute("ANALYZE " + t)
