def run(build, model):
    pass
