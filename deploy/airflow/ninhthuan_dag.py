"""Reports of every quarter, by Airflow. Put this file into the folder of DAGs, and set NINHTHUAN_HOME for the workers.

Airflow has an environment of its own: it calls the command line in the one of the project, and shares no package
with it.
"""

from __future__ import annotations

import os
from datetime import timedelta

import pendulum
from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG

with DAG(
    "ninhthuan",
    description="Reports of the last quarter that has closed",
    # a quarter closes on the last day of the month before; again a week later, for a worker that was off
    schedule="10 6 2,9 2,5,8,11 *",
    start_date=pendulum.datetime(2026, 1, 1, tz="Asia/Ho_Chi_Minh"),
    # what was missed is found by the command itself, from the reports that are there
    catchup=False,
    max_active_runs=1,
):
    BashOperator(
        task_id="reports",
        bash_command=".venv/bin/ninhthuan run --quarter last --provinces 56 --languages vi,en",
        cwd=os.environ.get("NINHTHUAN_HOME", "/opt/ninhthuan"),
        # settings such as NINHTHUAN_SMTP_URL come with the worker's environment; given as `env` here, they would be
        # stored in Airflow's database and shown on its pages
        append_env=True,
        retries=1,
        retry_delay=timedelta(hours=1),
        execution_timeout=timedelta(hours=6),
    )
