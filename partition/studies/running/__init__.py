"""Running: how the runs of a study are found, made, shared, watched and ended.

- :mod:`~partition.studies.running.jobs`: a study's runs, each found or made.
- :mod:`~partition.studies.running.spread`: on processes or a cluster;
  :mod:`~partition.studies.running.worker` makes one of them under a claim.
- :mod:`~partition.studies.running.finished`, :mod:`~partition.studies.running.answered`: what is
  there already.
- :mod:`~partition.studies.running.sharing`: what runs give to each other;
  :mod:`~partition.studies.running.rounds` and :mod:`~partition.studies.running.chains` make them
  one after the other.
- :mod:`~partition.studies.running.progress`, :mod:`~partition.studies.running.under_way`: what a
  person sees; :mod:`~partition.studies.running.stopping`: Ctrl-C;
  :mod:`~partition.studies.running.missing`: what is lost.
"""
