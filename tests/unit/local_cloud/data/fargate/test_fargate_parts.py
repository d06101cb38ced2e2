"""What of the tasks is pure: definitions, images, layers, commands, rollout plan, addresses."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest

from local_cloud.data.fargate import definition, layers, plan
from local_cloud.data.fargate.address import loopback
from local_cloud.data.fargate.definition import Container, LogTarget
from local_cloud.data.fargate.image import Image, ImageName, choose_platform
from local_cloud.data.fargate.launch import CannotStartError, prepare
from local_cloud.data.fargate.plan import ServiceState, Step, TaskState
from local_cloud.data.fargate.startup import split_secret

PYTHON = Path("/opt/python3.12")


def tar(path: Path, *entries: tarfile.TarInfo) -> Path:
    with tarfile.open(path, "w") as archive:
        for entry in entries:
            archive.addfile(entry, io.BytesIO(b"x" * entry.size))
    return path


def file(name: str, size: int = 1) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size = size
    return entry


def link(name: str, target: str) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.type, entry.linkname = tarfile.SYMTYPE, target
    return entry


def test_layers_and_whiteouts(tmp_path: Path) -> None:
    root = tmp_path / "root"
    layers.unpack(tar(tmp_path / "1", file("a/old"), file("a/kept"), file("b/one"), file("b/two")), root)
    layers.unpack(tar(tmp_path / "2", file("a/.wh.old", 0), file("b/.wh..wh..opq", 0), file("b/three")), root)
    found = sorted(str(p.relative_to(root)) for p in root.rglob("*") if p.is_file())
    assert found == ["a/kept", "b/three"]


def test_nothing_is_written_outside_of_the_image(tmp_path: Path) -> None:
    root, outside = tmp_path / "root", tmp_path / "outside"
    outside.mkdir()
    evil = tar(
        tmp_path / "layer",
        file("../outside/up"),
        link("way", str(outside)),
        file("way/through"),
        link("relative", "../outside"),
        file("relative/through"),
        file("good"),
    )
    layers.unpack(evil, root)
    assert list(outside.iterdir()) == []
    assert (root / "good").is_file()


def test_absolute_link_means_the_image(tmp_path: Path) -> None:
    layers.unpack(tar(tmp_path / "layer", file("usr/lib/real"), link("bin/name", "/usr/lib/real")), tmp_path / "root")
    assert (tmp_path / "root" / "bin" / "name").resolve() == (tmp_path / "root" / "usr" / "lib" / "real").resolve()


@pytest.mark.parametrize(
    ("name", "parsed"),
    [
        (
            "1.dkr.ecr.r.amazonaws.com/team/chat@sha256:ab",
            ImageName("1.dkr.ecr.r.amazonaws.com", "team/chat", "sha256:ab"),
        ),
        ("127.0.0.1:4566/chat:v1", ImageName("127.0.0.1:4566", "chat", "v1")),
        ("chat", ImageName("", "chat", "latest")),
        ("host.example/chat:v1@sha256:cd", ImageName("host.example", "chat", "sha256:cd")),
    ],
)
def test_image_names(name: str, parsed: ImageName) -> None:
    assert ImageName.parse(name) == parsed


def test_platform() -> None:
    arm = {"digest": "sha256:1", "platform": {"os": "linux", "architecture": "arm64"}}
    amd = {"digest": "sha256:2", "platform": {"os": "linux", "architecture": "amd64"}}
    assert choose_platform({"manifests": [arm, amd]}) == "sha256:2"
    with pytest.raises(LookupError):
        choose_platform({"manifests": [arm]})


def image(root: Path, **config: object) -> Image:
    return Image("sha256:1", root, {"WorkingDir": "/app", "Cmd": ["python", "app.py"], **config})


def test_command_environment_and_folder(tmp_path: Path) -> None:
    ready = prepare(
        image(tmp_path, Env=["PYTHONPATH=/app/deps", "A=image", "B=image"]),
        Container("web", "chat", environment={"B": "definition", "AWS_REGION": "wrong"}),
        Path("/home/task"),
        {"AWS_REGION": "ap-northeast-1"},
        PYTHON,
    )
    assert ready.argv == (str(PYTHON), "-s", "-S", "app.py")
    assert ready.folder == tmp_path / "app"
    assert ready.environment["PYTHONPATH"] == str(tmp_path / "app" / "deps")
    assert (ready.environment["A"], ready.environment["B"]) == ("image", "definition")
    assert ready.environment["AWS_REGION"] == "ap-northeast-1"


@pytest.mark.parametrize(
    ("container", "arguments"),
    [
        (Container("web", "chat", command=("python3", "-m", "x")), ("-m", "x")),
        (Container("web", "chat", entry_point=("/usr/local/bin/python3.12", "-u")), ("-u",)),
        (Container("web", "chat", entry_point=("python",), command=("y.py",)), ("y.py",)),
    ],
)
def test_command_overrides(tmp_path: Path, container: Container, arguments: tuple[str, ...]) -> None:
    assert prepare(image(tmp_path), container, tmp_path, {}, PYTHON).argv == (str(PYTHON), "-s", "-S", *arguments)


def test_command_that_is_no_python(tmp_path: Path) -> None:
    with pytest.raises(CannotStartError, match="nginx"):
        prepare(image(tmp_path), Container("web", "chat", command=("nginx",)), tmp_path, {}, PYTHON)


def test_definition_with_overrides() -> None:
    registered = {
        "taskDefinitionArn": "arn",
        "family": "chat",
        "taskRoleArn": "role",
        "containerDefinitions": [
            {
                "name": "web",
                "image": "i",
                "command": ["python", "a.py"],
                "environment": [{"name": "A", "value": "1"}],
                "secrets": [{"name": "S", "valueFrom": "arn:s"}],
                "logConfiguration": {
                    "logDriver": "awslogs",
                    "options": {"awslogs-group": "g", "awslogs-stream-prefix": "p"},
                },
            }
        ],
    }
    change = {"name": "web", "command": ["python", "b.py"], "environment": [{"name": "B", "value": "2"}]}
    read = definition.read(registered, {"containerOverrides": [change], "taskRoleArn": "other"})
    (container,) = read.containers
    assert read.task_role == "other"
    assert container.command == ("python", "b.py")
    assert container.environment == {"A": "1", "B": "2"}
    assert container.secrets == {"S": "arn:s"}
    assert container.log == LogTarget("g", "p")


def test_secret_references() -> None:
    arn = "arn:aws:secretsmanager:r:1:secret:name-AbCdEf"
    assert split_secret(f"{arn}:key::v1") == (arn, "key", "", "v1")
    assert split_secret(arn) == (arn, "", "", "")
    assert split_secret("name") == ("name", "", "", "")


def task(name: str, deployment: str, healthy: bool = True, older: int = 0, stopping: bool = False) -> TaskState:
    return TaskState(name, deployment, healthy, stopping, older)


@pytest.mark.parametrize(
    ("service", "tasks", "step"),
    [
        (ServiceState(2, "new"), [], Step(2, ())),
        (ServiceState(1, "new"), [task("a", "new")], Step(0, ())),
        (ServiceState(1, "new"), [task("a", "old")], Step(1, ())),
        (ServiceState(1, "new"), [task("a", "old"), task("b", "new", healthy=False)], Step(0, ())),
        (ServiceState(1, "new"), [task("a", "old"), task("b", "new")], Step(0, ("a",))),
        (ServiceState(1, "new", minimum_percent=0, maximum_percent=100), [task("a", "old")], Step(0, ("a",))),
        (ServiceState(1, "new", maximum_percent=100), [task("a", "old", stopping=True)], Step(0, ())),
        (ServiceState(1, "new"), [task("a", "new"), task("b", "new", older=1)], Step(0, ("b",))),
        (ServiceState(0, "new"), [task("a", "new")], Step(0, ("a",))),
        (ServiceState(2, "new", primary_failed=True), [task("a", "old")], Step(0, ())),
        (ServiceState(2, "new"), [task("a", "old", healthy=False), task("b", "old")], Step(2, ("a",))),
    ],
)
def test_rolling_update(service: ServiceState, tasks: list[TaskState], step: Step) -> None:
    assert plan.next_step(service, tasks) == step


def test_tasks_are_spread() -> None:
    assert plan.spread(["a", "c"], ["a"]) == "c"
    assert plan.spread(["a", "c"], []) == "a"


def test_addresses_are_loopback_and_differ(tmp_path: Path) -> None:
    here = {loopback(tmp_path, f"10.20.10.{n}") for n in range(4, 250)}
    assert len(here) == 246
    assert all(a.startswith("127.") and not a.startswith("127.0.") for a in here)
    assert loopback(tmp_path / "other", "10.20.10.4") not in here
