"""What users of marathon-python do, run with the unmodified client against a real server.

Usage: marathon_scenarios.py URL SCENARIO. The exit code is 0 when the scenario held; otherwise the
traceback tells what did not. The scenarios follow the client's own integration tests.
"""

import multiprocessing
import sys
import time

from marathon import MarathonApp, MarathonClient, MarathonHttpError
from marathon.exceptions import ConflictError, NotFoundError
from marathon.models import MarathonGroup
from marathon.models.app import MarathonHealthCheck
from marathon.models.events import EventFactory

PATIENCE_SECONDS = 60


def eventually(what, condition):
    """Asks until the condition holds, and gives what it gave; fails after a minute."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        result = condition()
        if result:
            return result
        time.sleep(0.1)
    raise AssertionError("never: " + what)


def sleeper(instances=1, **more):
    return MarathonApp(cmd="sleep 3600", cpus=0.01, mem=16, instances=instances, **more)


def deployed(client, app_id):
    """Waits until the app has no deployment, and gives its tasks."""
    eventually(
        app_id + " is deployed",
        lambda: not client.get_app(app_id, embed_tasks=True).deployments,
    )
    return client.list_tasks(app_id)


def metadata(client):
    info = client.get_info()
    assert info.name and info.version and info.framework_id
    assert info.marathon_config and info.zookeeper_config and info.http_config
    assert client.ping().strip() in (b"pong", b'"pong"'), client.ping()
    assert client.get_leader()["leader"]
    assert client.get_metrics()


def trivial_app(client):
    created = client.create_app("test-trivial-app", sleeper(5))
    assert created.id == "/test-trivial-app" and created.instances == 5
    assert len(created.deployments) == 1
    assert [app.id for app in client.list_apps()] == ["/test-trivial-app"]
    assert len(deployed(client, "test-trivial-app")) == 5
    assert all(task.app_id == "/test-trivial-app" for task in client.list_tasks())
    assert all(endpoint.task_id for endpoint in client.list_endpoints())
    try:
        client.create_app("test-trivial-app", sleeper())
        raise AssertionError("the same id was created twice")
    except ConflictError:
        pass


def complex_app(client):
    """An app whose image nothing here can run: it is accepted, waits, and can be taken back."""
    app = {
        "id": "/test-complex-app",
        "cmd": "/bin/true",
        "cpus": 0.1,
        "mem": 128,
        "instances": 1,
        "backoffFactor": 2,
        "uris": ["file:///root/.dockercfg"],
        "container": {
            "type": "DOCKER",
            "docker": {
                "image": "localhost/fake_img",
                "network": "BRIDGE",
                "portMappings": [
                    {"protocol": "tcp", "name": "myport", "containerPort": 8888, "hostPort": 0}
                ],
                "parameters": [{"key": "add-host", "value": "google-public-dns-a.google.com:8.8.8.8"}],
            },
            "volumes": [{"hostPath": "/etc/stuff", "containerPath": "/etc/stuff", "mode": "RO"}],
        },
        "healthChecks": [{"protocol": "HTTP", "portIndex": 0, "path": "/", "gracePeriodSeconds": 15}],
    }
    client.create_app("/test-complex-app", MarathonApp.from_json(app))
    shown = client.get_app("/test-complex-app")
    assert shown.container.docker.image == "localhost/fake_img"
    assert shown.container.port_mappings[0].container_port == 8888
    waiting = eventually("it waits", lambda: client.list_queue(embed_last_unused_offers=True))
    assert [item.app.id for item in waiting] == ["/test-complex-app"]
    client.delete_app("/test-complex-app", force=True)
    eventually("it is gone", lambda: not client.list_apps() and not client.list_deployments())


def scale_and_update(client):
    client.create_app("/shop/cart", sleeper(2, labels={"team": "a"}))
    first = client.get_app("/shop/cart").version
    assert len(deployed(client, "/shop/cart")) == 2
    assert client.scale_app("/shop/cart", delta=1)["deploymentId"]
    assert len(deployed(client, "/shop/cart")) == 3
    before = {task.id for task in client.list_tasks("/shop/cart")}

    client.update_app("/shop/cart", MarathonApp(labels={"team": "b"}))
    assert {task.id for task in deployed(client, "/shop/cart")} == before
    client.update_app("/shop/cart", MarathonApp(env={"COLOUR": "blue"}))
    assert before.isdisjoint(task.id for task in deployed(client, "/shop/cart"))
    assert client.list_apps(label="team==b")[0].env == {"COLOUR": "blue"}

    client.rollback_app("/shop/cart", first)
    assert len(deployed(client, "/shop/cart")) == 2
    shown = client.get_app("/shop/cart")
    assert shown.env == {} and shown.labels == {"team": "a"}
    versions = client.list_versions("/shop/cart")
    assert len(versions) == 5 and first in [str(version) for version in map(as_text, versions)]
    assert client.get_version("/shop/cart", as_text(first)).instances == 2
    client.update_apps([MarathonApp(id="/shop/cart", instances=1), MarathonApp(id="/shop/web", cmd="sleep 3600", cpus=0.01, mem=16)])
    assert len(deployed(client, "/shop/web")) == 1


def as_text(version):
    """A version as the server wrote it; the client may have made a time of it."""
    if isinstance(version, str):
        return version
    return version.strftime("%Y-%m-%dT%H:%M:%S.") + "%03dZ" % (version.microsecond // 1000)


def restart(client):
    client.create_app("/nap", sleeper(2))
    before = {task.id for task in deployed(client, "/nap")}
    assert client.restart_app("/nap")["deploymentId"]
    assert before.isdisjoint(task.id for task in deployed(client, "/nap"))


def four_run(tasks, gone):
    """Whether there are four tasks, of which all run, and none of those that are to be gone."""
    return len(tasks) == 4 and all(task.state == "TASK_RUNNING" and task.id not in gone for task in tasks)


def kill(client):
    client.create_app("/nap", sleeper(5))
    tasks = deployed(client, "/nap")
    assert client.kill_task("/nap", tasks[0].id, scale=True, wipe=False)["deploymentId"]
    tasks = deployed(client, "/nap")
    assert len(tasks) == 4 and client.get_app("/nap").instances == 4
    assert client.kill_given_tasks([task.id for task in tasks[:3]], scale=False)
    gone = {task.id for task in tasks[:3]}
    eventually("others have taken their place", lambda: four_run(client.list_tasks("/nap"), gone))
    killed = client.kill_tasks("/nap", scale=False)
    assert len(killed) == 4
    eventually("again", lambda: client.get_app("/nap").tasks_running == 4)
    try:
        client.kill_task("/nap", "nap.instance-00000000-0000-0000-0000-000000000000._app.1")
        raise AssertionError("a task that is not there was killed")
    except NotFoundError:
        pass


def deployments(client):
    client.create_app("/stuck", MarathonApp(cmd="sleep 3600", cpus=5000, mem=16, instances=1))
    running = client.list_deployments()
    assert len(running) == 1 and running[0].affected_apps == ["/stuck"]
    assert running[0].current_step == 1 or running[0].current_actions
    try:
        client.scale_app("/stuck", instances=2)
        raise AssertionError("the app should be locked")
    except ConflictError as locked:
        assert "locked by one or more deployments" in locked.error_message, locked.error_message
    assert client.list_queue()[0].app.id == "/stuck"
    client.delete_deployment(running[0].id)
    eventually("it is taken back", lambda: not client.list_deployments())
    assert client.list_apps() == []
    client.create_app("/stuck", MarathonApp(cmd="sleep 3600", cpus=5000, mem=16, instances=1))
    client.delete_deployment(client.list_deployments()[0].id, force=True)
    eventually("it is given up", lambda: not client.list_deployments())
    assert [app.id for app in client.list_apps()] == ["/stuck"]


def queue(client):
    client.create_app("/crash", MarathonApp(cmd="exit 1", cpus=0.01, mem=16, instances=1, backoff_seconds=600, max_launch_delay_seconds=3600))
    item = eventually("it is delayed", lambda: [i for i in client.list_queue() if not i.delay.overdue])
    assert item[0].delay.time_left_seconds > 0
    failure = client.get_app("/crash").last_task_failure
    assert failure.state == "TASK_FAILED" and failure.task_id
    client.reset_delay("/crash")
    eventually("it was launched again", lambda: client.get_app("/crash").last_task_failure.task_id != failure.task_id)


def groups(client):
    group = {
        "id": "/product",
        "groups": [
            {"id": "/product/database", "apps": [dict(sleeper().json_repr(minimal=True), id="/product/database/sql")]},
            {
                "id": "/product/service",
                "dependencies": ["/product/database"],
                "apps": [dict(sleeper().json_repr(minimal=True), id="/product/service/web")],
            },
        ],
    }
    assert client.create_group(MarathonGroup.from_json(group))["version"]
    deployed(client, "/product/service/web")
    shown = client.get_group("/product")
    assert {inner.id for inner in shown.groups} == {"/product/database", "/product/service"}
    assert [inner.id for inner in client.list_groups()] == ["/product"]
    client.scale_group("/product", 2)
    assert len(deployed(client, "/product/service/web")) == 2
    version = as_text(shown.version)
    client.rollback_group("/product", version)
    eventually("one again", lambda: len(deployed(client, "/product/service/web")) == 1)
    client.delete_group("/product", force=True)
    eventually("all is gone", lambda: not client.list_apps() and not client.list_deployments())


def health(client):
    check = MarathonHealthCheck(protocol="COMMAND", command={"value": "test -e well"}, grace_period_seconds=1, interval_seconds=1, timeout_seconds=5, max_consecutive_failures=0)
    app = MarathonApp(cmd="touch well; exec sleep 3600", cpus=0.01, mem=16, instances=1, health_checks=[check])
    client.create_app("/well", app)
    deployed(client, "/well")
    assert client.get_app("/well").tasks_healthy == 1
    task = client.list_tasks("/well")[0]
    assert task.health_check_results[0].alive


def listen(url, found):
    for event in MarathonClient(url).event_stream():
        found.put(event.event_type)


def events(client):
    """All events until the app is gone are ones that the client knows, in Marathon's order."""
    found = multiprocessing.Queue()
    listener = multiprocessing.Process(target=listen, args=(client.servers[0], found), daemon=True)
    listener.start()
    try:
        seen = [found.get(timeout=PATIENCE_SECONDS)]
        assert seen == ["event_stream_attached"], seen
        client.create_app("/nap", sleeper())
        until(found, seen, "deployment_success")
        task = client.list_tasks("/nap")[0]
        client.kill_task("/nap", task.id)
        until(found, seen, "status_update_event")
        eventually("another runs", lambda: client.get_app("/nap").tasks_running == 1)
        client.delete_app("/nap", force=True)
        until(found, seen, "deployment_success")
    finally:
        listener.terminate()
    order = [name for name in seen if name.startswith(("api_post", "group_change", "deployment"))]
    assert order[:4] == ["api_post_event", "group_change_success", "deployment_info", "deployment_step_success"] or order[:3] == ["api_post_event", "group_change_success", "deployment_info"], order
    assert {"status_update_event", "instance_changed_event"} <= set(seen), seen
    assert all(name in EventFactory.event_to_class for name in seen), seen


def until(found, seen, event_type):
    while True:
        seen.append(found.get(timeout=PATIENCE_SECONDS))
        if seen[-1] == event_type:
            return


def subscriptions(client):
    url = "http://127.0.0.1:9/nobody"
    client.create_event_subscription(url)
    assert url in client.list_event_subscriptions()
    client.delete_event_subscription(url)
    assert url not in client.list_event_subscriptions()


def mistakes(client):
    for app, status in ((MarathonApp(cmd="x", cpus=-1), 422), (MarathonApp(cpus=1), 422)):
        try:
            client.create_app("/bad", app)
            raise AssertionError("accepted")
        except MarathonHttpError as refused:
            assert refused.status_code == status, refused
            assert refused.error_message == "Object is not valid", refused.error_message
    try:
        client.get_app("/nothing")
        raise AssertionError("found")
    except NotFoundError as unknown:
        assert unknown.error_message == "App '/nothing' does not exist", unknown.error_message


SCENARIOS = {
    scenario.__name__: scenario
    for scenario in (metadata, trivial_app, complex_app, scale_and_update, restart, kill, deployments, queue, groups, health, events, subscriptions, mistakes)
}


if __name__ == "__main__":
    SCENARIOS[sys.argv[2]](MarathonClient(sys.argv[1]))
